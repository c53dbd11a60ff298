/**
 * Runs a short-lived program to its end and returns what it printed.
 *
 * Never throws and never leaves an unhandled 'error' event: a program that cannot be started is
 * an exit with `code` undefined and the reason in `output`.
 */
import { spawn } from 'node:child_process';

/** The user a Postgres program runs as; undefined means the user of this process. */
export interface ProcessUser {
  readonly uid: number;
  readonly gid: number;
}

export interface ProgramRun {
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly user?: ProcessUser | undefined;
  readonly timeoutMs: number;
}

export interface ProgramExit {
  /** Exit status; undefined when it did not start, was killed or ran out of time. */
  readonly code: number | undefined;
  /** stdout and stderr as they came, at most 64 KiB. */
  readonly output: string;
}

const OUTPUT_LIMIT = 65_536;

/** Runs `program` to its end. */
export function runProgram(program: string, run: ProgramRun): Promise<ProgramExit> {
  return new Promise((resolve) => {
    let output = '';
    const collect = (chunk: Buffer): void => {
      if (output.length < OUTPUT_LIMIT) output += chunk.toString('utf8');
    };
    const child = spawn(program, run.args, {
      ...(run.cwd === undefined ? {} : { cwd: run.cwd }),
      ...run.user,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    // Not spawn's own timeout: it would keep the process alive when the program never started.
    const timer = setTimeout(() => child.kill('SIGKILL'), run.timeoutMs);
    const end = (exit: ProgramExit): void => {
      clearTimeout(timer);
      resolve(exit);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => end({ code: undefined, output: error.message }));
    child.on('close', (code) => end({ code: code ?? undefined, output: output.trim() }));
  });
}

/** The last line of a program's output that says something, for a one-line error. */
export function lastLine(output: string): string {
  return (
    output
      .split('\n')
      .findLast((line) => line.trim() !== '')
      ?.trim() ?? 'no output'
  );
}
