// `npm start`: makes the checkout ready (tools/build.mjs) and runs the server in this process,
// so that its exit code, its signals and its terminal are those of this command.
// Like node-version.mjs this file must be readable by old versions of Node.
import './node-version.mjs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const MAIN = new URL('../apps/server/dist/main.js', import.meta.url);

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
