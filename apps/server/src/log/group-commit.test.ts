import { expect, test } from 'vitest';
import {
  APPEND_BYTES_MAX,
  FRAME_BYTES_MAX,
  FRAME_RECORDS_MAX,
  GroupCommit,
  QUEUE_RECORDS_MAX,
} from './group-commit.ts';
import { LogOverloadedError } from './log.ts';

interface Commit {
  readonly records: number;
  readonly epoch: number;
  finish(firstSeq: number): void;
  fail(error: Error): void;
}

/** A storage whose commits end when the test says so. */
function controlledStorage(): { commits: Commit[]; groupCommit: GroupCommit } {
  const commits: Commit[] = [];
  const groupCommit = new GroupCommit(
    (payloads, epoch) =>
      new Promise((resolve, reject) => {
        commits.push({ records: payloads.length, epoch, finish: resolve, fail: reject });
      }),
  );
  return { commits, groupCommit };
}

const record = (size = 1): Uint8Array => new Uint8Array(size);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('appends made while a commit is in flight share the next one', async () => {
  const { commits, groupCommit } = controlledStorage();
  const first = groupCommit.append([record()], 0);
  await turn();
  const second = groupCommit.append([record(), record()], 0);
  const third = groupCommit.append([record()], 0);
  await turn();
  expect(commits.map((commit) => commit.records)).toEqual([1]);
  commits[0]?.finish(41);
  await turn();
  commits[1]?.finish(42);
  expect(commits.map((commit) => commit.records)).toEqual([1, 3]);
  expect(await Promise.all([first, second, third])).toEqual([
    { firstSeq: 41, count: 1 },
    { firstSeq: 42, count: 2 },
    { firstSeq: 44, count: 1 },
  ]);
});

test('a failed commit rejects its appends and the next ones go on', async () => {
  const { commits, groupCommit } = controlledStorage();
  const lost = groupCommit.append([record()], 0);
  await turn();
  const kept = groupCommit.append([record()], 0);
  commits[0]?.fail(new Error('disk full'));
  await expect(lost).rejects.toThrow('disk full');
  await turn();
  commits[1]?.finish(1);
  expect(await kept).toEqual({ firstSeq: 1, count: 1 });
});

test('appends of different epochs never share a frame', async () => {
  const { commits, groupCommit } = controlledStorage();
  const appends = [5, 5, 6, 5].map((epoch) => groupCommit.append([record()], epoch));
  for (const [index, seq] of [1, 3, 4].entries()) {
    await turn();
    commits[index]?.finish(seq);
  }
  await Promise.all(appends);
  expect(commits.map(({ epoch, records }) => [epoch, records])).toEqual([
    [5, 2],
    [6, 1],
    [5, 1],
  ]);
});

test('a frame is bounded by records and bytes, but one append is never split', async () => {
  const { commits, groupCommit } = controlledStorage();
  const half = FRAME_RECORDS_MAX / 2;
  const appends = [
    groupCommit.append(
      Array.from({ length: half }, () => record()),
      0,
    ),
    groupCommit.append(
      Array.from({ length: half }, () => record()),
      0,
    ),
    groupCommit.append([record()], 0),
    groupCommit.append([record(FRAME_BYTES_MAX)], 0),
    groupCommit.append(
      Array.from({ length: FRAME_RECORDS_MAX + 1 }, () => record()),
      0,
    ),
  ];
  for (let index = 0; index < 4; index++) {
    await turn();
    commits[index]?.finish(1);
  }
  await Promise.all(appends);
  expect(commits.map((commit) => commit.records)).toEqual([4_096, 1, 1, 4_097]);
});

test('a full queue refuses, and takes appends again once it has room', async () => {
  const { commits, groupCommit } = controlledStorage();
  const many = Array.from({ length: QUEUE_RECORDS_MAX }, () => record());
  const accepted = groupCommit.append(many, 0);
  await expect(groupCommit.append([record()], 0)).rejects.toThrow(LogOverloadedError);
  await turn();
  const afterwards = groupCommit.append([record()], 0);
  commits[0]?.finish(1);
  await accepted;
  await turn();
  commits[1]?.finish(QUEUE_RECORDS_MAX + 1);
  expect(await afterwards).toEqual({ firstSeq: QUEUE_RECORDS_MAX + 1, count: 1 });
});

test('no records, too many bytes, or a closed queue: refused without a commit', async () => {
  const { commits, groupCommit } = controlledStorage();
  await expect(groupCommit.append([], 0)).rejects.toThrow('at least one record');
  await expect(groupCommit.append([record(APPEND_BYTES_MAX + 1)], 0)).rejects.toThrow('at most');
  await groupCommit.close();
  await expect(groupCommit.append([record()], 0)).rejects.toThrow('closed');
  expect(commits).toEqual([]);
});
