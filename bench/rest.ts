/**
 * `npm run bench rest`: what the order route costs, and what durability adds.
 *
 * Three servers in processes of their own, the same load in turn, at least five rounds:
 * node:http alone with the same schema check; the product's route on a memory log; the product.
 * Then the product in its usual form, with a running replay, at 500 and 1,000 orders a second
 * (open loop: latency counts from the planned time).
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Report } from '../proofs/support/report.ts';
import { startRialto } from '../proofs/support/rialto-process.ts';
import { closedLoop, openLoop, type MakeRequest } from './rest/load.ts';
import { formatSpread, percentile, ratiosOf, spreadOf } from './support/ratio.ts';

const ROUNDS = 5;
const CONNECTIONS = 64;
const ROUND_MS = 2_500;
const WARMUP_MS = 700;

interface Target {
  readonly name: string;
  readonly port: number;
  readonly make: MakeRequest;
  stop(): Promise<unknown>;
}

const report = new Report('bench rest', 'the order route, its peers, and the cost of durability');
const bare = await bareTarget();
const memory = await productTarget('memory');
const durable = await productTarget('postgres');
const targets = [bare, memory, durable];
const speeds = new Map<Target, number[]>(targets.map((target) => [target, []]));
let failures = 0;
for (let round = 0; round < ROUNDS; round++) {
  for (const target of targets) {
    const result = await closedLoop(target.port, target.make, {
      connections: CONNECTIONS,
      warmupMs: WARMUP_MS,
      durationMs: ROUND_MS,
    });
    failures += result.failures;
    speeds.get(target)?.push(result.requestsPerSecond);
  }
}
for (const target of targets) {
  report.note(`${target.name}: ${formatSpread(spreadOf(speeds.get(target) ?? []), 0)} orders/s`);
}
const overBare = ratiosOf(speeds.get(memory) ?? [], speeds.get(bare) ?? []);
const overMemory = ratiosOf(speeds.get(durable) ?? [], speeds.get(memory) ?? []);
report.check('order route / node:http', formatSpread(overBare), '>= 0.75', overBare.median >= 0.75);
report.check(
  'durable / not durable',
  formatSpread(overMemory),
  '>= 0.65',
  overMemory.median >= 0.65,
);
report.exactly('answers other than 200', failures, 0);
for (const target of targets) await target.stop();
await measureLatency(500);
await measureLatency(1_000);
report.finish();

async function measureLatency(ratePerSecond: number): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'rialto-bench-'));
  try {
    await using rialto = await startRialto({ dataDir });
    const make = orderRequest(rialto.headers);
    const { port } = new URL(rialto.url);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await openLoop(Number(port), make, { connections: 32, ratePerSecond, durationMs: 3_000 });
    const { latenciesMs, failures: failed } = await openLoop(
      Number(port),
      orderRequest(rialto.headers, 'm'),
      {
        connections: 64,
        ratePerSecond,
        durationMs: 10_000,
      },
    );
    const p50 = percentile(latenciesMs, 50);
    const p99 = percentile(latenciesMs, 99);
    report.note(`${ratePerSecond} orders/s, replay running: p50 ${p50.toFixed(2)} ms`);
    report.check(
      `p99 at ${ratePerSecond} orders/s, ${latenciesMs.length} orders, ${failed} failed`,
      `${p99.toFixed(2)} ms`,
      '<= 10 ms',
      p99 <= 10 && failed === 0,
    );
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function bareTarget(): Promise<Target> {
  const { child, facts } = await forkServer('./rest/bare-server.ts');
  const { port } = facts as { port: number };
  return { name: 'node:http', port, make: orderRequest({}), stop: () => stopServer(child) };
}

async function productTarget(log: 'memory' | 'postgres'): Promise<Target> {
  const { child, facts } = await forkServer('./rest/order-server.ts', log);
  const { url, keyId, secret } = facts as { url: string; keyId: string; secret: string };
  const headers = { 'APCA-API-KEY-ID': keyId, 'APCA-API-SECRET-KEY': secret };
  return {
    name: `rialto, ${log} log`,
    port: Number(new URL(url).port),
    make: orderRequest(headers),
    stop: () => stopServer(child),
  };
}

async function forkServer(
  module: string,
  ...args: string[]
): Promise<{ readonly child: ChildProcess; readonly facts: unknown }> {
  const child = fork(fileURLToPath(new URL(module, import.meta.url)), args, {
    execArgv: ['--import', 'tsx', '--conditions=rialto-source'],
  });
  const [facts] = (await once(child, 'message')) as [unknown];
  return { child, facts };
}

async function stopServer(child: ChildProcess): Promise<void> {
  child.disconnect();
  const ended = once(child, 'exit');
  if (child.spawnargs.some((arg) => arg.includes('bare-server'))) child.kill();
  await ended;
}

/** An order that does not rest: one share at a price far below the market, or cancel. */
function orderRequest(headers: Readonly<Record<string, string>>, prefix = 'b'): MakeRequest {
  const head = Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  let sent = 0;
  return () => {
    const n = sent++;
    const body = `{"symbol":"BAC","qty":"1","side":"buy","type":"limit","limit_price":"10.25","time_in_force":"ioc","client_order_id":"${prefix}-${n}"}`;
    return `POST /v2/orders HTTP/1.1\r\nhost: 127.0.0.1\r\n${head}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  };
}
