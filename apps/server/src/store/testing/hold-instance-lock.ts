/** A process that takes the lock of a data directory, says how it went and waits to be killed. */
import { takeInstanceLock } from '../instance-lock.ts';

const [dataDir = ''] = process.argv.slice(2);
try {
  await takeInstanceLock(dataDir);
  process.stdout.write('held\n');
  setInterval(() => undefined, 60_000);
} catch (error) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  process.stdout.write(`${code}\n`);
}
