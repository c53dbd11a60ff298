// Finds `<folder>/<name>.ts` and runs it from source in this terminal. The server that some of
// them start is the built one.
import './node-version.mjs';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { ensureBuilt, ensureInstalled, orFail } from './build.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

export async function runNamed({ folder, what, nodeArgs = [] }) {
  const [name, ...rest] = process.argv.slice(2);
  const names = readdirSync(`${root}${folder}`)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -3));
  if (name === undefined || !names.includes(name) || !existsSync(`${root}${folder}/${name}.ts`)) {
    process.stdout.write(
      `usage: npm run ${what} <name>\n${names.map((known) => `  ${known}\n`).join('')}`,
    );
    process.exitCode = name === undefined ? 0 : 64;
    return;
  }
  const ready = orFail(() => {
    ensureInstalled();
    ensureBuilt();
  });
  if (!ready) return;
  const args = [
    ...nodeArgs,
    '--import',
    'tsx',
    '--conditions=rialto-source',
    `${folder}/${name}.ts`,
    ...rest,
  ];
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('close', (code) => resolve(code ?? 1));
  });
}
