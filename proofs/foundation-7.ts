/**
 * foundation-7: `.ci/run` passes on a clean checkout.
 *
 * Clones the committed state into a new directory, runs `bash .ci/run` there without standard
 * input, and reads its closing line.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Report } from './support/report.ts';

const MINUTES_MAX = 15;

const root = fileURLToPath(new URL('..', import.meta.url));
const report = new Report('foundation-7', '.ci/run on a clean checkout');
const directory = await mkdtemp(join(tmpdir(), 'rialto-clean-'));
try {
  const checkout = join(directory, 'rialto');
  execFileSync('git', ['clone', '--quiet', root, checkout]);
  const startedMs = performance.now();
  const child = spawn('bash', ['.ci/run'], {
    cwd: checkout,
    env: { ...process.env, CI: 'true' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    output += text;
    process.stdout.write(text);
  });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  const minutes = (performance.now() - startedMs) / 60_000;
  const counts = /^(\d+) passed, (\d+) failed/m.exec(output.trim().split('\n').at(-1) ?? '');
  report.exactly('exit code', exitCode ?? -1, 0);
  report.check('tests that ran', counts?.[1] ?? 0, '> 0', Number(counts?.[1] ?? 0) > 0);
  report.exactly('tests that failed', Number(counts?.[2] ?? -1), 0);
  report.check('time', `${minutes.toFixed(1)} min`, `< ${MINUTES_MAX} min`, minutes < MINUTES_MAX);
} finally {
  await rm(directory, { recursive: true, force: true });
}
report.finish();
