/**
 * A load generator on raw sockets: it must cost less than the server it measures.
 *
 * Closed loop: each connection sends its next request when the answer is in. Open loop: requests
 * leave at fixed times whatever the answers do, and latency counts from the planned time, so that
 * a stall is not hidden (no coordinated omission).
 */
import { connect, type Socket } from 'node:net';

/** Makes the next request as it goes over the wire. */
export type MakeRequest = () => string;

export interface ClosedLoop {
  readonly requestsPerSecond: number;
  readonly failures: number;
}

export interface OpenLoop {
  readonly latenciesMs: readonly number[];
  readonly failures: number;
}

/** Sends as fast as answers come, for `durationMs` after `warmupMs`. */
export async function closedLoop(
  port: number,
  make: MakeRequest,
  options: { readonly connections: number; readonly warmupMs: number; readonly durationMs: number },
): Promise<ClosedLoop> {
  let answers = 0;
  let failures = 0;
  let measuring = false;
  let running = true;
  const connections = await openAll(port, options.connections, (connection, ok) => {
    if (measuring) answers++;
    if (!ok) failures++;
    if (running) connection.send(make());
  });
  for (const connection of connections) connection.send(make());
  await delay(options.warmupMs);
  measuring = true;
  const startedMs = performance.now();
  await delay(options.durationMs);
  const seconds = (performance.now() - startedMs) / 1000;
  running = false;
  for (const connection of connections) connection.close();
  return { requestsPerSecond: answers / seconds, failures };
}

/** Sends `ratePerSecond` requests a second for `durationMs` over up to `connections`. */
export async function openLoop(
  port: number,
  make: MakeRequest,
  options: {
    readonly connections: number;
    readonly ratePerSecond: number;
    readonly durationMs: number;
  },
): Promise<OpenLoop> {
  const latenciesMs: number[] = [];
  let failures = 0;
  const idle: Connection[] = [];
  const waiting: { readonly request: string; readonly dueMs: number }[] = [];
  const dueBy = new Map<Connection, number>();
  const connections = await openAll(port, options.connections, (connection, ok) => {
    latenciesMs.push(performance.now() - (dueBy.get(connection) ?? 0));
    if (!ok) failures++;
    const head = waiting.shift();
    if (head === undefined) idle.push(connection);
    else start(connection, head.request, head.dueMs);
  });
  const start = (connection: Connection, request: string, dueMs: number): void => {
    dueBy.set(connection, dueMs);
    connection.send(request);
  };
  idle.push(...connections);
  const total = Math.floor((options.ratePerSecond * options.durationMs) / 1000);
  const startedMs = performance.now();
  for (let n = 0; n < total; n++) {
    const dueMs = startedMs + (n * 1000) / options.ratePerSecond;
    if (dueMs > performance.now() + 0.5) await delay(dueMs - performance.now());
    const request = make();
    const connection = idle.pop();
    if (connection === undefined) waiting.push({ request, dueMs });
    else start(connection, request, dueMs);
  }
  const giveUpMs = performance.now() + 10_000;
  while (latenciesMs.length < total && performance.now() < giveUpMs) await delay(10);
  failures += total - latenciesMs.length;
  for (const connection of connections) connection.close();
  return { latenciesMs, failures };
}

interface Connection {
  send(request: string): void;
  close(): void;
}

type OnAnswer = (connection: Connection, ok: boolean) => void;

function openAll(port: number, count: number, onAnswer: OnAnswer): Promise<Connection[]> {
  return Promise.all(Array.from({ length: count }, () => openOne(port, onAnswer)));
}

function openOne(port: number, onAnswer: OnAnswer): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const connection: Connection = {
      send: (request) => socket.write(request, 'latin1'),
      close: () => socket.destroy(),
    };
    let pending = '';
    socket.setEncoding('latin1');
    socket.once('error', reject);
    socket.once('connect', () => {
      resolve(connection);
    });
    socket.on('data', (chunk: string) => {
      pending = pending === '' ? chunk : pending + chunk;
      const size = answerSize(pending);
      if (size === 0 || pending.length < size) return;
      const ok = pending.startsWith('HTTP/1.1 200');
      pending = pending.slice(size);
      onAnswer(connection, ok);
    });
  });
}

/** Bytes of the first whole answer, 0 when its head is not complete. */
function answerSize(text: string): number {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return 0;
  const length = /content-length: (\d+)/i.exec(text.slice(0, end));
  return end + 4 + Number(length?.[1] ?? 0);
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
