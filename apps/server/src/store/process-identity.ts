/**
 * Who a process is beyond its pid: pids are used again, a pid with its start time is not.
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { systemErrorCode } from './embedded/embedded-postgres-error.ts';
import { runProgram } from './embedded/run-program.ts';

let bootId: Promise<string> | undefined;

/**
 * When the process started, in a form that only equals itself; empty where the system does not
 * say, or when there is no such process.
 */
export async function processStartMark(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    bootId ??= readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
    // Field 22, counted behind the command name, which may itself contain spaces and brackets.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return ticks === undefined ? '' : `${(await bootId).trim()}:${ticks}`;
  }
  if (process.platform === 'win32') return '';
  // Under a fixed locale and time zone: two processes must read the same text.
  const { code, output } = await runProgram('env', {
    args: ['LC_ALL=C', 'TZ=UTC', 'ps', '-p', String(pid), '-o', 'lstart='],
    timeoutMs: 5_000,
  });
  return code === 0 ? output : '';
}

/**
 * True when a process with this pid runs, whoever owns it. One that has ended but was not
 * collected by its parent (a zombie; usual in containers without an init) does not.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemErrorCode(error) !== 'EPERM') return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.charAt(stat.lastIndexOf(')') + 2) !== 'Z';
  } catch {
    // Gone in between, or hidden from us: the start mark and the command line decide.
    return true;
  }
}
