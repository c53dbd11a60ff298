import { pino } from 'pino';
import { migrate } from '../../store/migrations/migrate.ts';
import { openTestDatabase } from '../../store/testing/test-database.ts';
import { describeLogContract } from '../log.contract.ts';
import { createPostgresLog } from './postgres-log.ts';

const logger = pino({ level: 'silent' });

describeLogContract({
  name: 'postgres',
  create: async () => {
    const database = await openTestDatabase();
    const { sql } = database;
    await migrate(sql);
    return {
      openLog: () => createPostgresLog({ database, logger, shared: true }),
      async damage(partition, seq, change) {
        const [row] = await sql<{ first_seq: number; id: number; payload: Buffer }[]>`
          select log_frame.first_seq, id, payload from log_frame
          join log_partition on id = partition
          where name = ${partition}
            and ${seq} between log_frame.first_seq and log_frame.first_seq + count - 1`;
        if (row === undefined) throw new Error(`no frame holds ${seq}`);
        await sql`
          update log_frame set payload = ${change(row.payload)}
          where partition = ${row.id} and first_seq = ${row.first_seq}`;
      },
      async frames() {
        const [row] = await sql<{ frames: number }[]>`select count(*) as frames from log_frame`;
        return row?.frames ?? 0;
      },
      async cutConnections() {
        await sql`
          select pg_terminate_backend(pid) from pg_stat_activity
          where application_name like 'rialto-log-%' and datname = current_database()`;
      },
      [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
    };
  },
});
