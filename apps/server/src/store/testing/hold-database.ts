/** A process that opens a data directory, says its server's pid and waits to be killed. */
import { pino } from 'pino';
import { openDatabase } from '../database.ts';

const [dataDir = ''] = process.argv.slice(2);
const database = await openDatabase({ dataDir, logger: pino({ level: 'silent' }) });
await database.sql`create table kept (n int)`;
await database.sql`insert into kept values (42)`;
process.stdout.write(`${database.embeddedPid}\n`);
setInterval(() => undefined, 60_000);
