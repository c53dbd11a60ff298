// Everything that must hold before a commit, in one command: `npm run verify`.
// Steps that do not depend on each other run side by side; the first words of a failure are
// the tool's own. Goal: under 60 s on two cores.
import './node-version.mjs';
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './build.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => `node_modules/.bin/${name}`;

/** Fewer cruised TypeScript modules than this means that the cruiser read nothing. */
const MODULES_MIN = 100;

/** Runs one command and resolves with its exit code, output and duration. */
function run(name, command, args) {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: { ...process.env, FORCE_COLOR: '0' } });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('error', (error) => resolve({ name, code: 1, output: String(error), seconds: 0 }));
    child.on('close', (code) => {
      resolve({ name, code: code ?? 1, output, seconds: (performance.now() - started) / 1000 });
    });
  });
}

/** Layers by dependency-cruiser, which also must have seen the TypeScript it is to judge. */
async function layers() {
  const result = await run('layers', bin('depcruise'), [
    '--config',
    '.dependency-cruiser.mjs',
    '--output-type',
    'json',
    'packages',
    'apps/server/src',
    'apps/web/src',
  ]);
  try {
    const { summary, modules } = JSON.parse(result.output);
    const seen = modules.filter((module) => /^(packages|apps)\/.*\.ts$/.test(module.source)).length;
    const lines = summary.violations.map((v) => `${v.rule.name}: ${v.from} -> ${v.to}`);
    if (seen < MODULES_MIN) lines.push(`only ${seen} TypeScript modules were cruised`);
    return {
      ...result,
      code: lines.length === 0 ? 0 : 1,
      output: lines.join('\n'),
      note: `${seen} modules`,
    };
  } catch {
    return { ...result, code: 1 };
  }
}

const chains = [
  [
    () => run('types', bin('tsc'), ['-b']),
    () => run('types of tests', bin('tsc'), ['-p', 'tsconfig.tests.json']),
    () =>
      run('types of the page', bin('svelte-check'), [
        '--tsconfig',
        'apps/web/tsconfig.json',
        '--threshold',
        'warning',
        '--output',
        'human',
      ]),
  ],
  [
    () => run('format', bin('prettier'), ['--check', '--log-level', 'warn', '--cache', '.']),
    () =>
      run('lint', bin('oxlint'), [
        '--type-aware',
        '--deny-warnings',
        'packages',
        'apps',
        'bench',
        'proofs',
        'tools',
      ]),
    layers,
    () => run('dead code', bin('knip'), ['--no-progress']),
    () => run('tidy', bin('vitest'), ['run', '--reporter=dot', 'tools/tidy']),
  ],
];

ensureInstalled();
const started = performance.now();
const results = await Promise.all(
  chains.map(async (steps) => {
    const done = [];
    for (const step of steps) {
      const result = await step();
      const mark = result.code === 0 ? 'ok    ' : 'FAILED';
      const note = result.note === undefined ? '' : ` (${result.note})`;
      process.stdout.write(`${mark} ${result.name}${note}  ${result.seconds.toFixed(1)} s\n`);
      if (result.code !== 0) process.stdout.write(`${result.output.trim()}\n`);
      done.push(result);
    }
    return done;
  }),
);
const failed = results.flat().filter((result) => result.code !== 0);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
process.stdout.write(
  `verify: ${results.flat().length - failed.length} passed, ${failed.length} failed in ${seconds} s\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
