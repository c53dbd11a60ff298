/**
 * Who a process is beyond its pid: pids are used again, a pid with its start time is not.
 */
import { readFile } from 'node:fs/promises';
import { runProgram } from './embedded/run-program.ts';

/**
 * When the process started, in a form that only equals itself; empty where the system does not
 * say, or when there is no such process.
 */
export async function processStartMark(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
    // Field 22, counted behind the command name, which may itself contain spaces and brackets.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return ticks === undefined ? '' : `${bootId.trim()}:${ticks}`;
  }
  if (process.platform === 'win32') return '';
  const { code, output } = await runProgram('ps', {
    args: ['-p', String(pid), '-o', 'lstart='],
    env: { LC_ALL: 'C', TZ: 'UTC' },
    timeoutMs: 5_000,
  });
  return code === 0 ? output : '';
}
