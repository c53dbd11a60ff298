/**
 * `npm run bench ws`: fan-out to 500 clients, 50 of 1,000 symbols each.
 *
 * Deliveries per CPU-second of the server process, against `ws` used the ordinary way (the
 * message made and sent per client) and socket.io rooms, in interleaved rounds on the same
 * prints. Every delivery is counted by the clients' process. Then one client stops reading: what
 * waits for it must stay under its cap, and it must be closed. Exit code 1 when a goal is missed.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { MARKET_DATA_CAP_BYTES } from '../apps/server/src/api/stream/limits.ts';
import { formatSpread, ratiosOf, spreadOf } from './support/ratio.ts';
import type { SinkOrder, SinkReport } from './ws/sink.ts';
import { type Kind, KINDS, type Order, type Report } from './ws/workload.ts';

const ROUNDS = 5;
const GOAL = 10;
/** Ticks per round: enough for half a second of CPU time or more. */
const TICKS: Readonly<Record<Kind, number>> = { rialto: 150, ws: 15, 'socket.io': 15 };
const WARMUP_TICKS: Readonly<Record<Kind, number>> = { rialto: 150, ws: 20, 'socket.io': 30 };
const STALL_TICKS = 1_500;
const DELIVERED_WITHIN_MS = 20_000;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

function start(file: string, args: readonly string[] = []): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), args);
}

/** Sends an order and waits for the answer of the given type. */
async function ask<Answer extends { readonly type: string }, Type extends Answer['type']>(
  child: ChildProcess,
  order: Order | SinkOrder | undefined,
  type: Type,
): Promise<Extract<Answer, { readonly type: Type }>> {
  if (order !== undefined) child.send(order);
  for (;;) {
    const [answer] = (await once(child, 'message')) as [Answer];
    if (answer.type === type) return answer as Extract<Answer, { readonly type: Type }>;
  }
}

const servers = new Map(KINDS.map((kind) => [kind, start('./ws/server.ts', [kind])]));
const sink = start('./ws/sink.ts');
const ports = new Map<Kind, number>();
const delivered = new Map<Kind, number>(KINDS.map((kind) => [kind, 0]));

function serverOf(kind: Kind): ChildProcess {
  const server = servers.get(kind);
  if (server === undefined) throw new Error(`no server ${kind}`);
  return server;
}

/** Runs ticks; the figure is deliveries per CPU-second. Fails when a delivery is missing. */
async function measure(kind: Kind, ticks: number): Promise<number> {
  const ran = await ask<Report, 'ran'>(serverOf(kind), { type: 'run', ticks }, 'ran');
  const expected = (delivered.get(kind) ?? 0) + ran.deliveries;
  delivered.set(kind, expected);
  const startedMs = performance.now();
  for (;;) {
    const { frames } = await ask<SinkReport, 'counted'>(sink, { type: 'count', kind }, 'counted');
    if (frames === expected) return ran.deliveries / (ran.cpuMs / 1_000);
    if (frames > expected || performance.now() - startedMs > DELIVERED_WITHIN_MS) {
      throw new Error(`${kind}: ${frames} of ${expected} deliveries arrived`);
    }
    await delay(50);
  }
}

async function main(): Promise<boolean> {
  const listening = KINDS.map((kind) =>
    ask<Report, 'listening'>(serverOf(kind), undefined, 'listening'),
  );
  for (const [at, { port }] of (await Promise.all(listening)).entries()) {
    ports.set(KINDS[at] ?? 'rialto', port);
  }
  for (const kind of KINDS) {
    const port = ports.get(kind) ?? 0;
    await ask<SinkReport, 'connected'>(sink, { type: 'connect', kind, port }, 'connected');
    await measure(kind, WARMUP_TICKS[kind]);
  }
  const figures = new Map<Kind, number[]>(KINDS.map((kind) => [kind, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of KINDS) figures.get(kind)?.push(await measure(kind, TICKS[kind]));
  }
  for (const kind of KINDS) {
    const { min, median, max } = spreadOf(figures.get(kind) ?? []);
    const text = [median, min, max].map((figure) => (figure / 1_000).toFixed(0));
    say(`${kind.padEnd(10)} ${text[0]}k [${text[1]}k..${text[2]}k] deliveries per CPU-second`);
  }
  const ours = figures.get('rialto') ?? [];
  let isMet = true;
  for (const peer of ['ws', 'socket.io'] as const) {
    const ratio = ratiosOf(ours, figures.get(peer) ?? []);
    const met = ratio.median >= GOAL;
    isMet &&= met;
    say(`rialto / ${peer}: ${formatSpread(ratio, 1)}, goal ${GOAL}: ${met ? 'met' : 'MISSED'}`);
  }
  return (await slowClientIsBounded()) && isMet;
}

async function slowClientIsBounded(): Promise<boolean> {
  await ask<SinkReport, 'stalling'>(
    sink,
    { type: 'stall', port: ports.get('rialto') ?? 0 },
    'stalling',
  );
  const { waitingBytesMax, rssGrowthMb, open } = await ask<Report, 'stalled'>(
    serverOf('rialto'),
    { type: 'stall', ticks: STALL_TICKS },
    'stalled',
  );
  const isClosed = open === 500;
  const isBounded = waitingBytesMax <= MARKET_DATA_CAP_BYTES + 4_096;
  say(
    `slow client: at most ${(waitingBytesMax / 2 ** 20).toFixed(1)} MiB waited ` +
      `(cap ${MARKET_DATA_CAP_BYTES / 2 ** 20} MiB), resident memory grew ${rssGrowthMb.toFixed(0)} MiB, ` +
      `${isClosed ? 'closed' : 'NOT CLOSED'}; the other 500 stayed`,
  );
  return isClosed && isBounded;
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} finally {
  for (const child of [...servers.values(), sink]) child.kill();
}
