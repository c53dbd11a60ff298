/**
 * Memory and processor time of a process and all below it (Linux). Memory is the sum of what
 * each has of its own and its share of what they share (Pss), so that Postgres' shared buffers
 * count once.
 */
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const SAMPLE_MS = 100;
const BYTES_PER_KB = 1_024;

/** Samples until disposed. */
export interface MemoryWatch extends AsyncDisposable {
  /** The largest sum seen, bytes. */
  readonly peakBytes: number;
  /** The parts of that sum: command name and bytes, one each process. */
  readonly peakParts: readonly MemoryPart[];
}

export interface MemoryPart {
  readonly name: string;
  readonly bytes: number;
}

/** Watches a process and its descendants. */
export function watchMemory(rootPid: number): MemoryWatch {
  const stopping = new AbortController();
  let peakBytes = 0;
  let peakParts: readonly MemoryPart[] = [];
  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const parts = await memoryOf(await descendants(rootPid));
      const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
      if (bytes > peakBytes) [peakBytes, peakParts] = [bytes, parts];
      await delay(SAMPLE_MS);
    }
  };
  const watching = watch();
  return {
    get peakBytes() {
      return peakBytes;
    },
    get peakParts() {
      return peakParts;
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await watching;
    },
  };
}

/** Clock ticks a second in /proc: the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Seconds of processor time that a process and its living descendants have used. */
export async function processorSeconds(rootPid: number): Promise<number> {
  let ticks = 0;
  for (const pid of await descendants(rootPid)) {
    const fields = statFields(await read(`/proc/${pid}/stat`));
    ticks += Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  }
  return ticks / TICKS_PER_SECOND;
}

async function memoryOf(pids: readonly number[]): Promise<readonly MemoryPart[]> {
  const parts = await Promise.all(
    pids.map(async (pid) => {
      const name = (await read(`/proc/${pid}/comm`)).trim();
      const rollup = /^Pss:\s+(\d+) kB$/m.exec(await read(`/proc/${pid}/smaps_rollup`));
      // Another user's processes show their resident size only.
      const found = rollup ?? /^VmRSS:\s+(\d+) kB$/m.exec(await read(`/proc/${pid}/status`));
      return { name, bytes: Number(found?.[1] ?? 0) * BYTES_PER_KB };
    }),
  );
  return parts.toSorted((a, b) => b.bytes - a.bytes);
}

async function descendants(rootPid: number): Promise<readonly number[]> {
  const parents = new Map<number, number>();
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const [, ppid] = statFields(await read(`/proc/${pid}/stat`));
    parents.set(pid, Number(ppid));
  }
  const found = [rootPid];
  for (const pid of found) {
    for (const [child, parent] of parents) if (parent === pid) found.push(child);
  }
  return found;
}

/** "pid (comm) state ppid …" from the state on; comm may hold spaces and brackets. */
function statFields(stat: string): readonly string[] {
  return stat.split(') ').at(-1)?.split(' ') ?? [];
}

/** Empty when the process has ended or may not be looked at. */
function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
