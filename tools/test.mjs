// `npm test`: installs what is missing, runs every test that needs no service, and says at the
// end what was skipped and why, which optional services were not there, and the counts.
// Arguments go to vitest: `npm test -- packages/engine`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { existsSync } from 'node:fs';
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

/** Runs vitest; its report, or one failure when it could not run. */
function runTests(args) {
  const directory = mkdtempSync(join(tmpdir(), 'rialto-test-'));
  const file = join(directory, 'report.json');
  try {
    const { status } = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--reporter=default',
        `--reporter=${join(root, 'tools/test-report.mjs')}`,
        ...args,
      ],
      { cwd: root, stdio: 'inherit', env: { ...process.env, RIALTO_TEST_REPORT: file } },
    );
    const report = existsSync(file)
      ? JSON.parse(readFileSync(file, 'utf8'))
      : { passed: 0, failed: 1, skipped: [] };
    return { ...report, failed: Math.max(report.failed, status === 0 ? 0 : 1) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function main() {
  const report = runTests(process.argv.slice(2));
  const missing = [];
  for (const service of SERVICES) if (!(await service.found())) missing.push(service);
  const lines = [
    ...report.skipped.map(
      ({ name, reason }) => `skipped: ${name} (${reason ?? 'its name says why'})`,
    ),
    ...missing.map(({ name, where }) => `not there: ${name} (${where}), optional`),
    `${report.passed} passed, ${report.failed} failed, ${report.skipped.length} skipped`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = report.failed === 0 && report.passed > 0 ? 0 : 1;
}

if (orFail(ensureInstalled)) await main();
