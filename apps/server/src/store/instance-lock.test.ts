import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeInstanceLock } from './instance-lock.ts';
import { processStartMark } from './process-identity.ts';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rialto-lock-'));
});

afterEach(() => rm(dataDir, { recursive: true, force: true }));

test('a second holder is refused with one line that names the process', async () => {
  await using _lock = await takeInstanceLock(dataDir);
  await expect(takeInstanceLock(dataDir)).rejects.toMatchObject({
    code: 'data_dir_in_use',
    message: `data directory ${dataDir} is in use by process ${process.pid}`,
  });
});

test('a released lock can be taken again and leaves nothing behind', async () => {
  const lock = await takeInstanceLock(dataDir);
  await lock[Symbol.asyncDispose]();
  expect(await readdir(dataDir)).toEqual([]);
  await using _again = await takeInstanceLock(dataDir);
});

test('of many concurrent starters exactly one wins, every time', async () => {
  for (let round = 0; round < 3; round++) {
    const attempts = await Promise.allSettled(
      Array.from({ length: 24 }, () => takeInstanceLock(dataDir)),
    );
    const winners = attempts.filter((attempt) => attempt.status === 'fulfilled');
    const codes = attempts.flatMap((attempt) =>
      attempt.status === 'rejected' ? [String(attempt.reason.code)] : [],
    );
    expect(winners).toHaveLength(1);
    expect(codes).toEqual(Array.from({ length: 23 }, () => 'data_dir_in_use'));
    await winners[0]?.value[Symbol.asyncDispose]();
  }
});

test('of several processes started at once exactly one wins; when killed, the next one does', async () => {
  const script = fileURLToPath(new URL('testing/hold-instance-lock.ts', import.meta.url));
  const start = () =>
    spawn(process.execPath, ['--import', 'tsx', '--conditions=rialto-source', script, dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  const starters = Array.from({ length: 5 }, start);
  const answers = await Promise.all(
    starters.map(async (starter) => String((await once(starter.stdout, 'data'))[0]).trim()),
  );
  const winner = starters[answers.indexOf('held')];
  expect(answers.toSorted()).toEqual([
    ...Array.from({ length: 4 }, () => 'data_dir_in_use'),
    'held',
  ]);
  await expect(takeInstanceLock(dataDir)).rejects.toThrow(`in use by process ${winner?.pid}`);
  winner?.kill('SIGKILL');
  if (winner?.exitCode === null && winner.signalCode === null) await once(winner, 'exit');
  await using _lock = await takeInstanceLock(dataDir);
});

test('a claim of a dead process, or of an older process with our pid, is taken over', async () => {
  await writeFile(join(dataDir, 'instance-dead.lock'), 'running \n4194303\n\n');
  await writeFile(
    join(dataDir, 'instance-reused.lock'),
    `running \n${process.pid}\nanother boot:${await processStartMark(process.pid)}\n`,
  );
  const lock = await takeInstanceLock(dataDir);
  expect((await readdir(dataDir)).map((name) => join(dataDir, name))).toEqual([lock.path]);
  await lock[Symbol.asyncDispose]();
});

test('a data directory that cannot be made is one clear line', async () => {
  await writeFile(join(dataDir, 'file'), '');
  await expect(takeInstanceLock(join(dataDir, 'file', 'below'))).rejects.toMatchObject({
    code: 'data_dir_unwritable',
    message: `data directory ${join(dataDir, 'file', 'below')} cannot be written (ENOTDIR)`,
  });
});
