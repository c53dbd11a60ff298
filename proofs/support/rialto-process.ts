/**
 * Rialto as a user runs it: the built server in a process of its own, on free loopback ports,
 * with a data directory of its own. The start-up facts are the JSON line of `--json`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../apps/server/dist/main.js', import.meta.url));

/** What `--json` prints once the server answers. */
export interface StartFacts {
  readonly url: string;
  /** With RIALTO_TLS_PORT only. */
  readonly tls_url?: string;
  readonly sign_in_url: string;
  readonly key_id: string;
  readonly secret: string;
  readonly venue: string;
  readonly data_dir: string;
  readonly pid: number;
}

/** A running server; `kill` ends it like a power cut of the process, `stop` politely. */
export interface RialtoProcess extends StartFacts, AsyncDisposable {
  readonly headers: Readonly<Record<string, string>>;
  /** Time from spawn to the start-up line, milliseconds. */
  readonly startedInMs: number;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server on `dataDir`; rejects with its output when it does not come up in `timeoutMs`. */
export async function startRialto(options: {
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}): Promise<RialtoProcess> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [main, '--json'], {
    env: {
      ...process.env,
      RIALTO_DATA_DIR: options.dataDir,
      RIALTO_PORT: '0',
      LOG_LEVEL: 'warn',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const facts = await startFacts(child, options.timeoutMs ?? 120_000);
  const ended = once(child, 'exit');
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  };
  return {
    ...facts,
    startedInMs: performance.now() - startedMs,
    headers: { 'APCA-API-KEY-ID': facts.key_id, 'APCA-API-SECRET-KEY': facts.secret },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  };
}

function startFacts(child: ChildProcess, timeoutMs: number): Promise<StartFacts> {
  return new Promise((resolve, reject) => {
    let errors = '';
    const fail = (why: string): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`${why}\n${errors}`));
    };
    const timer = setTimeout(() => {
      fail(`the server did not start within ${timeoutMs} ms`);
    }, timeoutMs);
    child.stderr?.on('data', (data: Buffer) => (errors += data.toString()));
    child.once('exit', (code) => {
      fail(`the server ended with ${code}`);
    });
    if (child.stdout === null) throw new Error('the server has no output');
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{') || !line.includes('"sign_in_url"')) return;
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve(JSON.parse(line) as StartFacts);
    });
  });
}
