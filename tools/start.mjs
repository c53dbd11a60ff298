// `npm start`: makes the checkout ready (tools/build.mjs) and runs the server in this process,
// so that its exit code, its signals and its terminal are those of this command.
// Up to the version check this file must be readable by old versions of Node.
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const OLDEST = [20, 19];
const MAIN = new URL('../apps/server/dist/main.js', import.meta.url);

function isTooOld(version) {
  const [major, minor] = version.split('.').map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}

if (isTooOld(process.versions.node)) {
  const needed = OLDEST.join('.');
  process.stderr.write(
    `rialto: Node ${process.versions.node} is too old: install Node ${needed} or newer (https://nodejs.org)\n`,
  );
  process.exitCode = 1;
} else {
  void import('./build.mjs').then(({ ensureBuilt, ensureInstalled, orFail }) => {
    const ready = orFail(() => {
      ensureInstalled();
      ensureBuilt();
    });
    if (!ready) return undefined;
    // The program reads its arguments as if it had been started itself.
    process.argv[1] = fileURLToPath(MAIN);
    return import(MAIN.href);
  });
}
