/**
 * `npm run bench replay`: the whole recorded day at full speed through log, engine and store.
 *
 * The built server runs in a process of its own on a new data directory. Time runs from the
 * first event after the clock was let go until the tables hold the last one; memory is that of
 * the server and its Postgres together. Exits non-zero when a goal is missed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runningVenue, setSpeed, untilPlayed } from '../proofs/support/replay-run.ts';
import { startRialto } from '../proofs/support/rialto-process.ts';
import { type MemoryPart, processorSeconds, watchMemory } from './replay/process-tree.ts';
import { formatSpread, spreadOf } from './support/ratio.ts';

const ROUNDS = 3;
const RATE_GOAL = 100_000;
const MEMORY_GOAL = 600;
const MB = 1_000_000;

interface Round {
  readonly events: number;
  readonly seconds: number;
  /** Of the server and its Postgres: tells a slow build from a busy machine. */
  readonly processorSeconds: number;
  readonly peakMb: number;
  readonly parts: readonly MemoryPart[];
}

async function playDay(): Promise<Round> {
  const dataDir = await mkdtemp(join(tmpdir(), 'rialto-bench-'));
  try {
    await using server = await startRialto({ dataDir });
    await using memory = watchMemory(server.pid);
    const venue = await runningVenue(server);
    const before = await setSpeed(server, venue.id, 0);
    const usedBefore = await processorSeconds(server.pid);
    const startMs = performance.now();
    const after = await untilPlayed(server, venue.id);
    const seconds = (performance.now() - startMs) / 1_000;
    const used = (await processorSeconds(server.pid)) - usedBefore;
    const { peakBytes, peakParts } = memory;
    return {
      events: after.seq - before.seq,
      seconds,
      processorSeconds: used,
      peakMb: peakBytes / MB,
      parts: peakParts,
    };
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const rounds: Round[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const played = await playDay();
  rounds.push(played);
  const { events, seconds, peakMb, parts } = played;
  const largest = parts.slice(0, 4).map(({ name, bytes }) => `${name} ${Math.round(bytes / MB)}`);
  print(
    `round ${round + 1}: ${events} events in ${seconds.toFixed(1)} s ` +
      `(${played.processorSeconds.toFixed(1)} s of processors), ` +
      `${Math.round(peakMb)} MB (${largest.join(', ')}, ${parts.length} processes)`,
  );
}
const rate = spreadOf(rounds.map(({ events, seconds }) => events / seconds));
const memory = spreadOf(rounds.map(({ peakMb }) => peakMb));
const rateMet = rate.median >= RATE_GOAL;
const memoryMet = memory.median <= MEMORY_GOAL;
print(`${rateMet ? 'ok  ' : 'MISS'} events/s  ${formatSpread(rate, 0)}  goal >= ${RATE_GOAL}`);
print(
  `${memoryMet ? 'ok  ' : 'MISS'} peak MB   ${formatSpread(memory, 0)}  goal <= ${MEMORY_GOAL}`,
);
if (!rateMet || !memoryMet) process.exitCode = 1;
