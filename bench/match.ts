/**
 * `npm run bench match`: the trading core (book, risk, holds, ledger, event encoding all on)
 * against the npm package nodejs-order-book on the same seeded streams, in interleaved rounds;
 * latency, allocation, and a recorded order stream. Exits non-zero when a goal is missed.
 *
 * Orders of the streams carry no client order id, as orders made inside the venue's process; one
 * line tells the speed with ids, which are then looked up and kept for the venue's life.
 */
import { hitsOfRecordedDay, recordedDayPath } from './match/recorded-day.ts';
import { latencyOf } from './match/latency.ts';
import { type OrderStream, mix1, mix1000, moves } from './match/order-streams.ts';
import { PeerContender } from './match/peer-contender.ts';
import { RialtoContender } from './match/rialto-contender.ts';
import { formatSpread, ratiosOf, spreadOf } from './support/ratio.ts';

const ROUNDS = 5;
const LENGTH = 1_000_000;
/** The peer runs the first part of the stream: it is slow, and gets slower with longer queues. */
const PEER_LENGTH = 60_000;
const RATIO_GOAL = 40;
const P999_GOAL_NS = 5_000;
/** Bytes a command may leave on the heap: a reading below this is the sampling itself. */
const BYTES_GOAL = 0.5;
const HIT_GOAL = 0.98;

const missed: string[] = [];

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function check(isMet: boolean, line: string): void {
  print(`  ${isMet ? 'ok  ' : 'MISS'} ${line}`);
  if (!isMet) missed.push(line);
}

/** Million operations a second over records [from, to). */
function speedOf(run: (from: number, to: number) => void, from: number, to: number): number {
  const start = performance.now();
  run(from, to);
  return (to - from) / 1_000 / (performance.now() - start);
}

/** Ids shared by all contenders; made flat before the clock runs. */
function orderIds(count: number): string[] {
  return Array.from({ length: count }, (_, k) => `order-${k}`);
}

function compareSpeed(stream: OrderStream, ids: readonly string[]): void {
  const own: number[] = [];
  const peer: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const rialto = new RialtoContender(stream);
    rialto.run(0, stream.prefill);
    const ownSpeed = speedOf((from, to) => rialto.run(from, to), stream.prefill, stream.length);
    const other = new PeerContender(stream, ids, stream.prefill + PEER_LENGTH);
    other.run(0, stream.prefill);
    const peerSpeed = speedOf(
      (from, to) => other.run(from, to),
      stream.prefill,
      stream.prefill + PEER_LENGTH,
    );
    // Round 0 warms both up.
    if (round === 0) {
      const broken = rialto.verify();
      if (broken.length > 0) throw new Error(broken.join('; '));
      continue;
    }
    own.push(ownSpeed);
    peer.push(peerSpeed);
    print(
      `  round ${round}: ${ownSpeed.toFixed(2)} M/s, nodejs-order-book ${peerSpeed.toFixed(3)} M/s, ` +
        `ratio ${(ownSpeed / peerSpeed).toFixed(1)}`,
    );
  }
  const withIds = new RialtoContender(stream, ids);
  withIds.run(0, stream.prefill);
  const idSpeed = speedOf((from, to) => withIds.run(from, to), stream.prefill, stream.length);
  print(`  with client order ids ${idSpeed.toFixed(2)} M/s (one run, no goal)`);
  const ratio = ratiosOf(own, peer);
  print(
    `  speed ${formatSpread(spreadOf(own))} M/s, nodejs-order-book ${formatSpread(spreadOf(peer), 3)} M/s`,
  );
  check(ratio.median >= RATIO_GOAL, `ratio ${formatSpread(ratio, 1)}, goal >= ${RATIO_GOAL}`);
}

function checkLatency(stream: OrderStream): void {
  const latency = latencyOf(new RialtoContender(stream), stream);
  const { p50, p99, p999, bytesPerCommand } = latency;
  check(
    p999 <= P999_GOAL_NS,
    `latency p50 ${p50} ns, p99 ${p99} ns, p99.9 ${p999} ns, goal p99.9 <= ${P999_GOAL_NS} ns`,
  );
  if (bytesPerCommand === undefined) {
    print('  heap not measured: run with --expose-gc');
    return;
  }
  check(
    bytesPerCommand < BYTES_GOAL,
    `heapUsed ${bytesPerCommand.toFixed(3)} bytes a command, goal 0 (< ${BYTES_GOAL})`,
  );
}

const longest = 100_000 + LENGTH;
const ids = orderIds(longest);
for (const stream of [mix1(LENGTH), mix1000(LENGTH), moves(LENGTH)]) {
  print(`${stream.name}: ${stream.symbols} symbols, ${LENGTH} commands after ${stream.prefill}`);
  compareSpeed(stream, ids);
  checkLatency(stream);
}

print('recorded order stream, GOOG 2012-06-21');
const day = hitsOfRecordedDay();
if (day === undefined) {
  print(`  not run: ${recordedDayPath} is absent (its license forbids shipping it)`);
} else {
  const share = day.hits / day.executions;
  check(
    share >= HIT_GOAL,
    `${day.hits} of ${day.executions} executions (${(share * 100).toFixed(2)} %) hit the order ` +
      `our book hits, goal >= ${HIT_GOAL * 100} %`,
  );
}

print(missed.length === 0 ? 'all goals met' : `${missed.length} goals missed`);
process.exitCode = missed.length === 0 ? 0 : 1;
