#!/usr/bin/env node
// `npx rialto …` in a checkout: the built command line; `npm start` builds it.
import { existsSync } from 'node:fs';
import process from 'node:process';

const main = new URL('../dist/main.js', import.meta.url);

if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write('rialto: not built yet: run `npm run build`, or `npm start`\n');
  process.exitCode = 1;
}
