/**
 * What every log adapter must do; each adapter's test runs this suite.
 *
 * An `Installation` is one storage: several logs opened on it are several processes that share
 * it.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Log, LogPartition, LogRecord } from './log.ts';
import { LogCorruptError, LogFencedError, LogTruncatedError } from './log.ts';

/** One storage under test. */
export interface LogInstallation extends AsyncDisposable {
  /** Opens a log, as another process would. */
  openLog(): Log;
  /** Changes the stored bytes of the frame that holds `seq`. */
  damage(partition: string, seq: number, change: (bytes: Buffer) => Buffer): Promise<void>;
  /** Frames stored so far, over all partitions: one per commit. */
  frames(): Promise<number>;
  /** Cuts the connections over which appends travel, whatever is in flight. */
  cutConnections(): Promise<void>;
}

export interface LogContract {
  readonly name: string;
  readonly create: () => Promise<LogInstallation>;
  /** Tests this adapter cannot run, by name, with the reason, which is printed. */
  readonly skip?: Readonly<Record<string, string>>;
}

/** Declares the suite for one adapter. */
export function describeLogContract({ name, create, skip = {} }: LogContract): void {
  const contractTest = (title: string, run: () => Promise<void>): void => {
    const reason = skip[title];
    test.skipIf(reason !== undefined)(reason === undefined ? title : `${title} (${reason})`, run);
  };

  describe(`log contract: ${name}`, () => {
    let installation: LogInstallation;
    let log: Log;
    let partitions = 0;
    const freshName = (): string => `venue-${(partitions += 1)}`;

    beforeAll(async () => {
      installation = await create();
      log = installation.openLog();
    });
    afterAll(async () => {
      await log[Symbol.asyncDispose]();
      await installation[Symbol.asyncDispose]();
    });

    contractTest('an empty partition starts before record 1', async () => {
      const partition = await log.open(freshName());
      expect(partition.headSeq).toBe(0);
      expect(partition.firstSeq).toBe(1);
      expect(await readAll(partition, 1)).toEqual([]);
    });

    contractTest('records come back as they were appended', async () => {
      const partition = await log.open(freshName());
      const first = await partition.append([bytes('a'), bytes(''), bytes('c')]);
      const second = await partition.append([bytes('d')]);
      expect(first).toEqual({ firstSeq: 1, count: 3 });
      expect(second).toEqual({ firstSeq: 4, count: 1 });
      expect(partition.headSeq).toBe(4);
      expect(texts(await readAll(partition, 1))).toEqual(['1:a', '2:', '3:c', '4:d']);
      expect(texts(await readAll(partition, 3))).toEqual(['3:c', '4:d']);
    });

    contractTest('64 concurrent callers get a dense sequence and share commits', async () => {
      const partition = await log.open(freshName());
      const framesBefore = await installation.frames();
      const seqs: number[] = [];
      const caller = async (id: number): Promise<void> => {
        for (let i = 0; i < 20; i++) {
          const { firstSeq, count } = await partition.append([bytes(`${id}.${i}`)]);
          expect(count).toBe(1);
          seqs.push(firstSeq);
        }
      };
      await Promise.all(Array.from({ length: 64 }, (_, id) => caller(id)));
      expect(seqs.toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: 1_280 }, (_, i) => i + 1),
      );
      const records = await readAll(partition, 1);
      expect(records.map((record) => record.seq)).toEqual(records.map((_, index) => index + 1));
      expect(new Set(texts(records).map((text) => text.split(':')[1])).size).toBe(1_280);
      expect((await installation.frames()) - framesBefore).toBeLessThan(1_280 / 10);
    });

    contractTest('a resolved append is seen by a log opened afterwards', async () => {
      const partitionName = freshName();
      const partition = await log.open(partitionName);
      await partition.append([bytes('kept')]);
      await using second = installation.openLog();
      const reopened = await second.open(partitionName);
      expect(reopened.headSeq).toBe(1);
      expect(texts(await readAll(reopened, 1))).toEqual(['1:kept']);
    });

    contractTest('a follower gets every record once and in order from two writers', async () => {
      const partitionName = freshName();
      const partition = await log.open(partitionName);
      await using second = installation.openLog();
      const other = await second.open(partitionName);
      const followed = collect(partition, 1);
      const followedByOther = collect(other, 1);
      await Promise.all([appendPairs(partition, 'x'), appendPairs(other, 'y')]);
      for (const collected of [followed, followedByOther]) {
        const { records } = collected;
        await collected.until(240);
        expect(records.map((record) => record.seq)).toEqual(
          Array.from({ length: 240 }, (_, index) => index + 1),
        );
        expect(textsOf(records, 'x')).toEqual(pairTexts('x'));
        expect(textsOf(records, 'y')).toEqual(pairTexts('y'));
      }
    });

    contractTest(
      'a follower that starts late reads the past and goes on with the new',
      async () => {
        const partition = await log.open(freshName());
        await partition.append(Array.from({ length: 2_500 }, (_, i) => bytes(`old${i + 1}`)));
        const batchSizes: number[] = [];
        const followed = collect(partition, 100, (records) => batchSizes.push(records.length));
        await partition.append([bytes('new')]);
        await followed.until(2_402);
        expect(followed.records[0]?.seq).toBe(100);
        expect(texts(followed.records.slice(-2))).toEqual(['2500:old2500', '2501:new']);
        expect(Math.max(...batchSizes)).toBeLessThanOrEqual(1_024);
      },
    );

    contractTest('the next batch waits for the promise of the last one', async () => {
      const partition = await log.open(freshName());
      let running = 0;
      let overlaps = 0;
      const slow = collect(partition, 1, async () => {
        running += 1;
        overlaps = Math.max(overlaps, running);
        await new Promise((resolve) => setTimeout(resolve, 2));
        running -= 1;
      });
      for (let i = 0; i < 30; i++) await partition.append([bytes(String(i))]);
      await slow.until(30);
      expect(overlaps).toBe(1);
    });

    contractTest('a disposed follower hears nothing more', async () => {
      const partition = await log.open(freshName());
      const followed = collect(partition, 1);
      await partition.append([bytes('a')]);
      await followed.until(1);
      followed.stop();
      await partition.append([bytes('b')]);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(texts(followed.records)).toEqual(['1:a']);
    });

    contractTest('an error of the consumer ends its following and is told', async () => {
      const partition = await log.open(freshName());
      const errors: Error[] = [];
      using _following = partition.follow(
        1,
        () => {
          throw new Error('consumer broke');
        },
        (error) => errors.push(error),
      );
      await partition.append([bytes('a')]);
      await partition.append([bytes('b')]);
      expect(errors.map((error) => error.message)).toEqual(['consumer broke']);
    });

    contractTest('a flipped bit is found and the record before it is still there', async () => {
      const partitionName = freshName();
      const partition = await log.open(partitionName);
      await partition.append([bytes('first')]);
      await partition.append([bytes('second'), bytes('third')]);
      await installation.damage(partitionName, 3, (stored) => {
        const changed = Buffer.from(stored);
        const last = changed.length - 1;
        changed[last] = (changed[last] ?? 0) ^ 1;
        return changed;
      });
      await using second = installation.openLog();
      const reopened = await second.open(partitionName);
      await expect(readAll(reopened, 2)).rejects.toThrow(LogCorruptError);
      await expect(readAll(reopened, 2)).rejects.toMatchObject({ seq: 3 });
      const told = await new Promise<Error>((resolve) => {
        reopened.follow(2, () => undefined, resolve);
      });
      expect(told).toBeInstanceOf(LogCorruptError);
    });

    contractTest('a frame cut short or with bytes too many is found', async () => {
      const changes: readonly ((stored: Buffer) => Buffer)[] = [
        (stored) => stored.subarray(0, -1),
        (stored) => stored.subarray(0, 7),
        (stored) => stored.subarray(0, 0),
        (stored) => Buffer.concat([stored, Buffer.from('x')]),
      ];
      for (const change of changes) {
        const partitionName = freshName();
        const partition = await log.open(partitionName);
        await partition.append([bytes('whole')]);
        await installation.damage(partitionName, 1, change);
        await using second = installation.openLog();
        await expect(readAll(await second.open(partitionName), 1)).rejects.toThrow(LogCorruptError);
      }
    });

    contractTest('connections cut in flight neither lose nor double an append', async () => {
      const partition = await log.open(freshName());
      const followed = collect(partition, 1);
      const acked = new Map<number, string>();
      const stop = new AbortController();
      const caller = async (id: number): Promise<void> => {
        for (let i = 0; !stop.signal.aborted; i++) {
          const text = `${id}.${i}`;
          const { firstSeq } = await partition.append([bytes(text)]);
          acked.set(firstSeq, text);
        }
      };
      const callers = Promise.all(Array.from({ length: 8 }, (_, id) => caller(id)));
      for (let cut = 0; cut < 12; cut++) {
        await new Promise((resolve) => setTimeout(resolve, 15 + Math.random() * 20));
        await installation.cutConnections();
      }
      stop.abort();
      await callers;
      const expected = [...acked].map(([seq, text]) => `${seq}:${text}`);
      expect(texts(await readAll(partition, 1)).toSorted()).toEqual(expected.toSorted());
      await followed.until(acked.size);
      expect(texts(followed.records).toSorted()).toEqual(expected.toSorted());
    });

    contractTest('an append with a stale epoch is refused and leaves no record', async () => {
      const partitionName = freshName();
      const partition = await log.open(partitionName);
      const old = await partition.takeEpoch();
      await partition.append([bytes('old leader')], { epoch: old });
      await using second = installation.openLog();
      const other = await second.open(partitionName);
      const next = await other.takeEpoch();
      expect(next).toBe(old + 1);
      await expect(partition.append([bytes('zombie')], { epoch: old })).rejects.toThrow(
        LogFencedError,
      );
      await other.append([bytes('new leader')], { epoch: next });
      await partition.append([bytes('no epoch')]);
      expect(texts(await readAll(other, 1))).toEqual([
        '1:old leader',
        '2:new leader',
        '3:no epoch',
      ]);
    });

    contractTest('once an epoch is taken, no append of the old one slips in', async () => {
      const partitionName = freshName();
      const partition = await log.open(partitionName);
      await using second = installation.openLog();
      const other = await second.open(partitionName);
      for (let round = 0; round < 10; round++) {
        const old = await partition.takeEpoch();
        const fenced = new AbortController();
        const writer = async (): Promise<void> => {
          while (!fenced.signal.aborted) {
            await partition.append([bytes('zombie')], { epoch: old }).catch((error: unknown) => {
              if (!(error instanceof LogFencedError)) throw error;
              fenced.abort();
            });
          }
        };
        const writing = writer();
        await new Promise((resolve) => setTimeout(resolve, 3));
        await other.takeEpoch();
        const atFence = (await readAll(other, 1)).length;
        await writing;
        expect(await readAll(other, 1)).toHaveLength(atFence);
      }
    });

    contractTest('truncation forgets whole frames and keeps the head', async () => {
      const partitionName = freshName();
      const partition = await log.open(partitionName);
      for (let frame = 0; frame < 4; frame++) {
        await partition.append([bytes(`${frame}a`), bytes(`${frame}b`)]);
      }
      await partition.truncate(4);
      expect(partition.firstSeq).toBe(3);
      expect(texts(await readAll(partition, 3))).toHaveLength(6);
      await expect(readAll(partition, 2)).rejects.toThrow(LogTruncatedError);
      await partition.truncate(1_000);
      await using second = installation.openLog();
      const reopened = await second.open(partitionName);
      expect([reopened.firstSeq, reopened.headSeq]).toEqual([7, 8]);
      expect(await reopened.append([bytes('next')])).toEqual({ firstSeq: 9, count: 1 });
    });

    contractTest('large records and large appends stay whole', async () => {
      const partition = await log.open(freshName());
      const large = Buffer.alloc(3_000_000, 'large ');
      const many = Array.from({ length: 10_000 }, (_, i) => bytes(`record ${i}`));
      await partition.append([large]);
      expect(await partition.append(many)).toEqual({ firstSeq: 2, count: 10_000 });
      const records = await readAll(partition, 1);
      expect(Buffer.compare(records[0]?.payload ?? bytes(''), large)).toBe(0);
      expect(texts(records.slice(-1))).toEqual(['10001:record 9999']);
    });

    contractTest('an append without records, or beyond the limit, is refused', async () => {
      const partition = await log.open(freshName());
      await expect(partition.append([])).rejects.toThrow('at least one record');
      await expect(partition.append([new Uint8Array(33_554_433)])).rejects.toThrow(
        '33554432 bytes',
      );
      expect(partition.headSeq).toBe(0);
    });

    contractTest('appends accepted before closing are written, later ones refused', async () => {
      const partitionName = freshName();
      const partition = await log.open(partitionName);
      const accepted = partition.append([bytes('last')]);
      await partition[Symbol.asyncDispose]();
      expect(await accepted).toEqual({ firstSeq: 1, count: 1 });
      await expect(partition.append([bytes('late')])).rejects.toThrow('closed');
    });
  });
}

function bytes(text: string): Buffer {
  return Buffer.from(text);
}

function texts(records: readonly LogRecord[]): string[] {
  return records.map((record) => `${record.seq}:${Buffer.from(record.payload).toString()}`);
}

async function readAll(partition: LogPartition, fromSeq: number): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const batch of partition.read(fromSeq)) records.push(...batch);
  return records;
}

const PAIRS = 60;

/** Appends records in pairs, one pair after the other. */
async function appendPairs(partition: LogPartition, tag: string): Promise<void> {
  for (let i = 0; i < PAIRS; i++) {
    await partition.append([bytes(`${tag}${i}a`), bytes(`${tag}${i}b`)]);
  }
}

/** What `appendPairs` appends, in order. */
function pairTexts(tag: string): string[] {
  return Array.from({ length: PAIRS }, (_, i) => [`${tag}${i}a`, `${tag}${i}b`]).flat();
}

/** The texts of one writer's records, as they came. */
function textsOf(records: readonly LogRecord[], tag: string): string[] {
  return records
    .map(({ payload }) => Buffer.from(payload).toString())
    .filter((text) => text.startsWith(tag));
}

interface Collected {
  readonly records: LogRecord[];
  /** Waits until so many records have come. */
  until(count: number): Promise<void>;
  stop(): void;
}

function collect(
  partition: LogPartition,
  fromSeq: number,
  alsoDo: (records: readonly LogRecord[]) => unknown = () => undefined,
): Collected {
  const records: LogRecord[] = [];
  let failure: Error | undefined;
  const following = partition.follow(
    fromSeq,
    async (batch) => {
      records.push(...batch);
      await alsoDo(batch);
    },
    (error) => {
      failure = error;
    },
  );
  return {
    records,
    async until(count) {
      const deadline = performance.now() + 20_000;
      while (records.length < count) {
        if (failure !== undefined) throw failure;
        if (performance.now() > deadline)
          throw new Error(`${records.length} of ${count} records came`);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    },
    stop: () => following[Symbol.dispose](),
  };
}
