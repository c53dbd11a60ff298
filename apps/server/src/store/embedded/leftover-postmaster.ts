/**
 * Finds and stops the postmaster that a killed parent process left behind.
 *
 * postmaster.pid names it, but the pid may belong to another program by now: a process is only
 * ever signalled when its command line carries our mark with this very data directory.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError, systemErrorCode } from './embedded-postgres-error.ts';
import { DATA_DIR_MARK } from './postgres-settings.ts';
import { isAlive } from '../process-identity.ts';
import { runProgram } from './run-program.ts';

/** What postmaster.pid says. */
export interface PostmasterFile {
  readonly pid: number;
  /** `ready` once connections are accepted. */
  readonly status: string;
}

/** Reads postmaster.pid; undefined when there is none or it is being written. */
export async function readPostmasterFile(clusterDir: string): Promise<PostmasterFile | undefined> {
  let text: string;
  try {
    text = await readFile(join(clusterDir, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return { pid, status: lines[7]?.trim() ?? '' };
}

/** How long each way of asking gets before the next, harsher one. */
const STOP_STEPS: readonly { readonly signal: NodeJS.Signals; readonly graceMs: number }[] = [
  { signal: 'SIGINT', graceMs: 1_200 },
  { signal: 'SIGQUIT', graceMs: 800 },
  { signal: 'SIGKILL', graceMs: 3_000 },
];

/**
 * Stops the postmaster left in `clusterDir`, if there is one, and waits until it is gone: fast
 * shutdown, then immediate shutdown (the next start recovers from the write-ahead log). The
 * pid file of a dead or foreign process is removed.
 */
export async function stopLeftoverPostmaster(clusterDir: string): Promise<void> {
  const file = await readPostmasterFile(clusterDir);
  if (file === undefined) return;
  for (const { signal, graceMs } of STOP_STEPS) {
    if (!(await servesCluster(file.pid, clusterDir))) {
      await rm(join(clusterDir, 'postmaster.pid'), { force: true });
      return;
    }
    signalProcess(file.pid, signal);
    const deadline = performance.now() + graceMs;
    while (isAlive(file.pid) && performance.now() < deadline) await delay(10);
  }
  if (!(await servesCluster(file.pid, clusterDir))) return;
  throw new EmbeddedPostgresError(
    'postgres_start_failed',
    `the Postgres of an earlier run (pid ${file.pid}) does not stop; end it by hand`,
  );
}

/** True when the process is a postmaster of this data directory, by its command line. */
async function servesCluster(pid: number, clusterDir: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  return (await commandLine(pid)).includes(`${DATA_DIR_MARK}=${clusterDir}`);
}

async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return text.replaceAll('\0', ' ');
  }
  const [program, args] =
    process.platform === 'win32'
      ? [
          'powershell',
          [
            '-NoProfile',
            '-Command',
            `(Get-CimInstance Win32_Process -Filter ProcessId=${pid}).CommandLine`,
          ],
        ]
      : ['ps', ['-ww', '-p', String(pid), '-o', 'command=']];
  const { output } = await runProgram(program, { args, timeoutMs: 5_000 });
  return output;
}

/** Sends a signal; a process that is gone already is no error. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (systemErrorCode(error) !== 'ESRCH') throw error;
  }
}
