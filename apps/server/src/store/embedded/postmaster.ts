/**
 * One running postmaster: started, ready, stopped.
 *
 * It runs in a session of its own, so Ctrl-C in the terminal reaches only us and we stop it after
 * our own shutdown. Beside it runs a one-line shell that waits for its standard input to close:
 * if this process dies in any way, even by kill -9, the pipe closes and the postmaster is asked
 * to shut down.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { clusterPathForPrograms } from './cluster.ts';
import { readPostmasterFile, signalProcess } from './leftover-postmaster.ts';
import { settingArguments, type Transport } from './postgres-settings.ts';
import { lastLine, type ProcessUser } from './run-program.ts';

/** What a postmaster is started with. */
export interface PostmasterOptions {
  readonly postgres: string;
  readonly clusterDir: string;
  readonly user: ProcessUser | undefined;
  readonly transport: Transport;
  readonly onLogLine: (line: string) => void;
}

/** A postmaster that accepts connections. */
export interface Postmaster {
  readonly pid: number;
  /** Settles when the process has ended, for whatever reason. */
  readonly exited: Promise<void>;
  /** Fast shutdown: sessions are ended, a checkpoint is written. Resolves when it is gone. */
  stop(): Promise<void>;
}

const READY_TIMEOUT_MS = 60_000;
const RETRY_WINDOW_MS = 8_000;
const STOP_GRACE_MS = 10_000;

/**
 * Starts a postmaster and waits until it accepts connections. The children of one that was
 * killed need a moment to let go of the shared memory, so those failures are tried again.
 */
export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  const giveUpAt = performance.now() + RETRY_WINDOW_MS;
  for (;;) {
    const attempt = await tryStart(options);
    if (attempt.postmaster !== undefined) return attempt.postmaster;
    const transient = /pre-existing shared memory|already exists|could not bind|in use/i;
    if (!transient.test(attempt.output) || performance.now() > giveUpAt)
      throw failure(attempt.output);
    await delay(100);
  }
}

function failure(output: string): EmbeddedPostgresError {
  if (/no space left on device/i.test(output)) {
    return new EmbeddedPostgresError('disk_full', 'no space left for the database to start');
  }
  const fatal = output.split('\n').findLast((line) => /FATAL|PANIC/.test(line));
  return new EmbeddedPostgresError(
    'postgres_start_failed',
    `the embedded Postgres did not start: ${fatal?.trim() ?? lastLine(output)}`,
  );
}

interface Attempt {
  readonly postmaster?: Postmaster;
  /** The last lines it printed. */
  readonly output: string;
}

async function tryStart(options: PostmasterOptions): Promise<Attempt> {
  const { clusterDir, user, transport } = options;
  const child = spawn(
    options.postgres,
    ['-D', clusterPathForPrograms(clusterDir), ...settingArguments(transport, clusterDir)],
    {
      cwd: clusterDir,
      ...user,
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'ignore', 'pipe'],
      windowsHide: true,
    },
  );
  const lines: string[] = [];
  const exited = watchExit(child, lines, options.onLogLine);
  if (!(await isReady(child, clusterDir)) || child.pid === undefined) {
    if (child.pid !== undefined && child.exitCode === null) child.kill('SIGKILL');
    await exited;
    return { output: lines.join('\n') };
  }
  const pid = child.pid;
  const watchdog = startWatchdog(pid, user);
  void exited.then(() => watchdog?.kill('SIGKILL'));
  return { output: '', postmaster: { pid, exited, stop: () => stopChild(child, exited) } };
}

/** Collects what the server prints; resolves when it has ended or could not be started. */
function watchExit(
  child: ChildProcess,
  lines: string[],
  onLogLine: (line: string) => void,
): Promise<void> {
  let rest = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString('utf8')).split('\n');
    rest = (parts.pop() ?? '').slice(0, 10_000);
    for (const line of parts) {
      lines.push(line);
      if (lines.length > 50) lines.shift();
      onLogLine(line);
    }
  });
  return new Promise((resolve) => {
    child.on('error', (error) => {
      lines.push(error.message);
      if (child.pid === undefined) resolve();
    });
    child.on('exit', () => {
      if (rest !== '') lines.push(rest);
      resolve();
    });
  });
}

async function isReady(child: ChildProcess, clusterDir: string): Promise<boolean> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const file = await readPostmasterFile(clusterDir);
    if (file?.pid === child.pid && file.status === 'ready') return true;
    if (performance.now() > deadline) return false;
    await delay(5);
  }
  return false;
}

/** See the top of the file. None on Windows, where there is no such shell. */
function startWatchdog(pid: number, user: ProcessUser | undefined): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined;
  const watchdog = spawn('/bin/sh', ['-c', `read -r _; kill -INT ${pid} 2>/dev/null`], {
    ...user,
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without it a killed parent leaves the server running, which the next start copes with.
  watchdog.on('error', () => undefined);
  watchdog.stdin.on('error', () => undefined);
  watchdog.unref();
  if ('unref' in watchdog.stdin && typeof watchdog.stdin.unref === 'function')
    watchdog.stdin.unref();
  return watchdog;
}

async function stopChild(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    signalProcess(child.pid, signal);
    const timer = new AbortController();
    const timeout = delay(STOP_GRACE_MS, 'timeout', { signal: timer.signal }).catch(() => 'ended');
    const first = await Promise.race([exited.then(() => 'ended'), timeout]);
    timer.abort();
    if (first === 'ended') return;
  }
}
