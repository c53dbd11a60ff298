/**
 * Foundation 5: bad input on every route and every socket of the built server.
 *
 * Each generated case must get the documented status, code and text, computed from the
 * catalogues; after each a good request must work. The venue is paused, so its state must be the
 * same before and after: as the API shows it byte by byte, and as a replay of the log hashes it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { accessCases } from './foundation-5/access-cases.ts';
import { bodyCases, noOrderCases } from './foundation-5/body-cases.ts';
import { commonError } from './foundation-5/expected.ts';
import { send } from './foundation-5/http-case.ts';
import { readOperations, type Target } from './foundation-5/operations.ts';
import { orderCases } from './foundation-5/order-cases.ts';
import { parameterCases } from './foundation-5/parameter-cases.ts';
import { Random } from './foundation-5/random.ts';
import { rawCases, runRawCase } from './foundation-5/raw-http-cases.ts';
import { runSocketCases } from './foundation-5/socket-cases.ts';
import { Tally } from './foundation-5/tally.ts';
import { loggedState, shownState } from './foundation-5/venue-state.ts';
import { Report } from './support/report.ts';
import { type RialtoProcess, startRialto } from './support/rialto-process.ts';

const SEED = Number(process.argv.slice(2).find((argument) => /^\d+$/.test(argument)) ?? 20_131_007);
const CASES = 2_000;
/** Wrong keys that an address may send at once, and the age of an answer that is asked again. */
const ATTEMPTS = 20;
const KEY_IS_FRESH_MS = 1_000;
const LOOK_MS = 50;

const report = new Report('foundation-5', `bad input on every route and socket, seed ${SEED}`);
const dataDir = await mkdtemp(join(tmpdir(), 'rialto-foundation-5-'));
try {
  const { seq, venueId } = await attack();
  await compareHashes(venueId, seq);
} finally {
  await rm(dataDir, { recursive: true, force: true });
}
report.finish();

async function attack(): Promise<{ readonly venueId: string; readonly seq: number }> {
  await using server = await startRialto({ dataDir });
  const target = await prepare(server);
  const before = await shownState(target.origin, target.key, target.venueId);
  const tally = new Tally(target.origin, target.key);
  await runHttp(target, tally);
  await runSocketCases(target, new Random(SEED + 6), tally);
  await guessKeys(target, tally);
  print(target, tally);
  const after = await shownState(target.origin, target.key, target.venueId);
  report.exactly('state as the API shows it', after === before ? 'unchanged' : after, 'unchanged');
  const { seq } = JSON.parse(before.split('\n', 1)[0] ?? '') as { readonly seq: number };
  report.exactly('process that was started still runs', isAlive(server.pid) ? 'yes' : 'no', 'yes');
  return { venueId: target.venueId, seq };
}

/** Signs in, buys some shares, leaves an order in the book and pauses the clock. */
async function prepare(server: RialtoProcess): Promise<Target> {
  const { url: origin, headers: key, venue: venueId } = server;
  const call = async (method: string, path: string, body?: object): Promise<string> => {
    const headers = { ...key, 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await send(origin, { method, path, headers, ...sent });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.body}`);
    return answer.body;
  };
  const signedIn = await send(origin, {
    method: 'GET',
    path: server.sign_in_url.slice(origin.length),
  });
  const cookie = String(signedIn.headers['set-cookie']).split(';', 1)[0] ?? '';
  await untilQuoted(origin, key);
  const terms = { symbol: 'BAC', side: 'buy', qty: '10' };
  await call('POST', '/v2/orders', { ...terms, type: 'market', time_in_force: 'day' });
  const clientOrderId = 'rests';
  const order = await call('POST', '/v2/orders', {
    ...{ ...terms, type: 'limit', time_in_force: 'gtc', limit_price: '1' },
    client_order_id: clientOrderId,
  });
  await call('POST', `/api/v1/venues/${venueId}/clock`, { paused: true });
  const account = JSON.parse(await call('GET', '/v2/account')) as { readonly buying_power: string };
  return {
    ...{ origin, key, cookie, venueId, clientOrderId },
    orderId: (JSON.parse(order) as { readonly id: string }).id,
    buyingPower: account.buying_power,
    operations: await readOperations(origin),
  };
}

/** The replay has just begun: a market order needs a first quote. */
async function untilQuoted(origin: string, key: Target['key']): Promise<void> {
  const path = '/v2/stocks/BAC/quotes/latest';
  while ((await send(origin, { method: 'GET', path, headers: key })).status !== 200) {
    await delay(LOOK_MS);
  }
}

async function runHttp(target: Target, tally: Tally): Promise<void> {
  const addressOf = (await hasManyAddresses(target.origin))
    ? (index: number): string => `127.0.1.${index + 1}`
    : undefined;
  if (addressOf === undefined) report.note('one loopback address: wrong keys are tried at the end');
  const groups = {
    access: accessCases(target, new Random(SEED + 1), addressOf),
    parameters: parameterCases(target, new Random(SEED + 2)),
    bodies: [...bodyCases(target, new Random(SEED + 3)), ...noOrderCases(target)],
    orders: orderCases(target, new Random(SEED + 4)),
  };
  for (const [kind, cases] of Object.entries(groups)) {
    for (const one of cases) await tally.http(kind, one);
  }
  for (const one of rawCases(target, new Random(SEED + 5))) {
    await tally.run('raw HTTP', one.label, () => runRawCase(target.origin, one));
  }
}

/** Whether this machine lets a client use any address of 127.0.0.0/8. */
function hasManyAddresses(origin: string): Promise<boolean> {
  const { port } = new URL(origin);
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: Number(port), localAddress: '127.0.1.1' });
    const end = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', end(true)).once('error', end(false));
  });
}

/** An address that guesses is held off; a key that is known to work goes on working from it. */
async function guessKeys(target: Target, tally: Tally): Promise<void> {
  const headers = { ...target.key, 'APCA-API-SECRET-KEY': 'wrong' };
  const path = '/v2/account';
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await send(target.origin, { method: 'GET', path, headers });
  }
  await tally.http('access', {
    label: 'guessing keys',
    request: { method: 'GET', path, headers },
    expected: commonError(path, 'rate_limited'),
  });
  await delay(KEY_IS_FRESH_MS + 100);
  await tally.run('access', 'a good key beside a guesser', async () => {
    const { status } = await send(target.origin, { method: 'GET', path, headers: target.key });
    return status === 200 ? undefined : `answered with ${status}`;
  });
}

function print(target: Target, tally: Tally): void {
  const { cases, failed, serverErrors, goodRequests, kinds, statuses } = tally;
  const covered = `${target.operations.length} operations`;
  report.note(`${covered}; ${[...kinds].map(([kind, count]) => `${kind} ${count}`).join(', ')}`);
  const counts = [...statuses].sort(([a], [b]) => a - b);
  report.note(`answers: ${counts.map(([status, count]) => `${status} × ${count}`).join(', ')}`);
  report.note(`slowest good request: ${tally.slowestMs.toFixed(0)} ms`);
  for (const failure of tally.failures) report.note(`seed ${SEED}: ${failure}`);
  report.check('cases', cases, `≥ ${CASES}`, cases >= CASES);
  report.exactly('cases with another answer than the documented one', failed, 0);
  report.exactly('answers of 5xx', serverErrors, 0);
  report.exactly('good requests that worked, one after each case', goodRequests, cases);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function compareHashes(venueId: string, seq: number): Promise<void> {
  const state = await loggedState(dataDir, venueId, seq);
  const { before, after, fromSnapshot, refusedCommands, broken } = state;
  report.note(`${refusedCommands} refused commands stand in the log`);
  report.exactly('state hash after all cases', after, before);
  if (fromSnapshot !== undefined) report.exactly('hash from a snapshot', fromSnapshot, before);
  report.exactly('broken invariants of the state', broken.join('; '), '');
}
