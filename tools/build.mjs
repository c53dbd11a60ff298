// Makes a checkout ready to run: installs the packages of the lockfile and builds what is stale.
// Stale is decided by content: a stamp in node_modules/.cache/rialto holds the SHA-256 of all
// inputs a part was last built from. Progress goes to stderr; stdout belongs to the program.
// Used as a command (`npm run build`) and by the other tools.
import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamps = join(root, 'node_modules/.cache/rialto');

const SETTINGS = ['package-lock.json', 'tsconfig.base.json', 'tsconfig.json'];

/** What is built, in this order: from which files, to which file, and how. */
const PARTS = [
  {
    name: 'server',
    inputs: [
      ...SETTINGS,
      ...['packages/engine', 'packages/contracts', 'packages/client', 'apps/server'].flatMap(
        (workspace) => [
          `${workspace}/src`,
          `${workspace}/package.json`,
          `${workspace}/tsconfig.json`,
        ],
      ),
    ],
    output: 'apps/server/dist/main.js',
    // A missing output with build info beside it would count as up to date.
    command: (isMissing) => ['typescript/bin/tsc', '-b', ...(isMissing ? ['--force'] : [])],
    directory: '.',
  },
  {
    name: 'page',
    inputs: [...SETTINGS, 'packages/contracts/src', 'packages/client/src', 'apps/web'],
    output: 'apps/web/dist/index.html',
    command: () => ['vite/bin/vite.js', 'build', '--logLevel', 'warn'],
    directory: 'apps/web',
  },
];

const IGNORED = /(^|\/)(node_modules|dist|testing)(\/|$)|\.(test|contract)\.ts$|\.tsbuildinfo$/;

/** A step that failed; its message is one line for the terminal. */
export class StepError extends Error {}

/** Installs exactly what package-lock.json says, when that is not what is installed. */
export function ensureInstalled() {
  const hash = hashOf(['package-lock.json']);
  if (readStamp('installed') === hash) return;
  if (isInstalledByHand()) return writeStamp('installed', hash);
  step('installing packages (once, about 100 MB)', () => {
    const npm = process.env.npm_execpath;
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
    const options = { cwd: root, stdio: ['ignore', 2, 2] };
    return npm?.endsWith('.js')
      ? spawnSync(process.execPath, [npm, ...args], options)
      : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  });
  writeStamp('installed', hash);
}

/** Builds the parts whose inputs changed since they were built, or whose output is missing. */
export function ensureBuilt() {
  for (const part of PARTS) {
    const hash = hashOf(part.inputs);
    const isMissing = !existsSync(join(root, part.output));
    if (!isMissing && readStamp(part.name) === hash) continue;
    const [script, ...args] = part.command(isMissing);
    step(`building the ${part.name}`, () =>
      spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
        cwd: join(root, part.directory),
        stdio: ['ignore', 2, 2],
      }),
    );
    writeStamp(part.name, hash);
  }
}

/** Someone ran `npm ci` or `npm install` after the lockfile last changed. */
function isInstalledByHand() {
  const installed = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  return statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

function step(what, run) {
  const started = Date.now();
  process.stderr.write(`rialto: ${what} …\n`);
  const { status, signal, error } = run();
  if (status !== 0) {
    const why = error?.message ?? (signal === null ? `exit code ${status}` : signal);
    throw new StepError(`${what} failed (${why}); the lines above say why`);
  }
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stderr.write(`rialto: ${what} took ${seconds} s\n`);
}

/** SHA-256 over the names and contents of files and of all files below directories. */
function hashOf(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap((path) => filesOf(join(root, path)))) {
    const content = readFileSync(file);
    hash.update(`${relative(root, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

function filesOf(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .toSorted()
    .map((name) => join(path, name))
    .filter((below) => !IGNORED.test(relative(root, below).replaceAll('\\', '/')))
    .flatMap(filesOf);
}

function readStamp(name) {
  const path = join(stamps, `${name}.sha256`);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function writeStamp(name, hash) {
  mkdirSync(stamps, { recursive: true });
  writeFileSync(join(stamps, `${name}.sha256`), hash);
}

/** Runs `work`; a failed step ends as one line on stderr and exit code 1. */
export function orFail(work) {
  try {
    work();
    return true;
  } catch (error) {
    if (!(error instanceof StepError) && error?.code === undefined) throw error;
    process.stderr.write(`rialto: ${error.message}\n`);
    process.exitCode = 1;
    return false;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  orFail(() => {
    ensureInstalled();
    ensureBuilt();
    process.stderr.write('rialto: everything is built\n');
  });
}
