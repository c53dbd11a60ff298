// `npm test`: installs what is missing, runs every test that needs no service, and says at the
// end what was skipped and why, which optional services were not there, and the counts.
// A test says why it is skipped with `context.skip('reason')`, a whole suite in its name.
// Arguments go to vitest: `npm test -- packages/engine`.
import './node-version.mjs';
import { existsSync } from 'node:fs';
import { createConnection } from 'node:net';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { ensureInstalled, orFail } from './build.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Real services that some tests and proofs use when they are there. */
const SERVICES = [
  { name: 'Kafka', found: () => answers(9092), where: '127.0.0.1:9092' },
  { name: 'RabbitMQ', found: () => answers(5672), where: '127.0.0.1:5672' },
  { name: 'Redis', found: () => answers(6379), where: '127.0.0.1:6379' },
  { name: 'Chromium', found: () => isOnPath('chromium'), where: 'chromium on the PATH' },
];

function answers(port) {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port, timeout: 500 });
    const end = (found) => {
      socket.destroy();
      resolve(found);
    };
    socket.on('connect', () => end(true));
    socket.on('timeout', () => end(false));
    socket.on('error', () => end(false));
  });
}

function isOnPath(program) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((place) => existsSync(join(place, program)));
}

/** A vitest reporter that counts; `skipped` holds one line per test. */
class Counts {
  passed = 0;
  failed = 0;
  skipped = [];

  onTestRunEnd(modules, errors) {
    this.failed += errors.length;
    for (const module of modules) {
      if (module.errors().length > 0) this.failed += 1;
      for (const test of module.children.allTests()) this.add(module, test);
    }
  }

  add(module, test) {
    const { state, note = 'its name says why' } = test.result();
    if (state === 'passed') this.passed += 1;
    else if (state === 'failed') this.failed += 1;
    else this.skipped.push(`${module.relativeModuleId}: ${test.fullName} (${note})`);
  }
}

async function runTests(args) {
  const { parseCLI, startVitest } = await import('vitest/node');
  const { filter, options } = parseCLI(['vitest', 'run', ...args]);
  const counts = new Counts();
  const vitest = await startVitest('test', filter, {
    ...options,
    root,
    watch: false,
    reporters: ['default', counts],
  });
  await vitest.close();
  return counts;
}

async function main() {
  const { passed, failed, skipped } = await runTests(process.argv.slice(2));
  const missing = [];
  for (const service of SERVICES) if (!(await service.found())) missing.push(service);
  const lines = [
    ...skipped.map((line) => `skipped: ${line}`),
    ...missing.map(({ name, where }) => `not there: ${name} (${where}), optional`),
    `${passed} passed, ${failed} failed, ${skipped.length} skipped`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

if (orFail(ensureInstalled)) await main();
