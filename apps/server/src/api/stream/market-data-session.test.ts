import { connect } from 'node:net';
import { decode, encode } from '@msgpack/msgpack';
import { assert, asyncProperty, uint8Array } from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Price } from '@rialto/engine/values/price';
import type { BarView } from '@rialto/engine/venue/views';
import { ManualClock } from './testing/manual-clock.ts';
import { START } from './testing/scripted-venue.ts';
import { type Harness, keyHeaders, SECRET, startHarness } from './testing/stream-harness.ts';

const NOTHING = {
  T: 'subscription',
  trades: [],
  quotes: [],
  bars: [],
  updatedBars: [],
  dailyBars: [],
  statuses: [],
  lulds: [],
  imbalances: [],
  corrections: [],
  cancelErrors: [],
};

const bar: BarView = {
  start: START,
  open: 139_000 as Price,
  high: 139_200 as Price,
  low: 138_900 as Price,
  close: 139_100 as Price,
  volume: 1_000,
  notional: 139_050_000,
  tradeCount: 7,
};

/** 5,000 names that nobody trades. */
function names(from: number): string[] {
  return Array.from({ length: 5_000 }, (_, n) => `S${from + n}`);
}

function error(code: number, msg: string): object[] {
  return [{ T: 'error', code, msg }];
}

describe('/v2/iex and /v2/sip', () => {
  let harness: Harness;

  beforeEach(async () => {
    harness = await startHarness();
  });

  afterEach(async () => {
    await harness[Symbol.asyncDispose]();
  });

  it('welcome, then authenticate by message or by headers', async () => {
    const byMessage = await harness.connect('/v2/iex');
    expect(await byMessage.next()).toEqual([{ T: 'success', msg: 'connected' }]);
    byMessage.send({ action: 'auth', key: 'key-0', secret: SECRET });
    expect(await byMessage.next()).toEqual([{ T: 'success', msg: 'authenticated' }]);
    byMessage.send({ action: 'auth', key: 'key-0', secret: SECRET });
    expect(await byMessage.next()).toEqual(error(403, 'already authenticated'));

    const byHeaders = await harness.connect('/v2/sip', { headers: keyHeaders() });
    expect(await byHeaders.next()).toEqual([{ T: 'success', msg: 'connected' }]);
    expect(await byHeaders.next()).toEqual([{ T: 'success', msg: 'authenticated' }]);
  });

  it('refuse wrong keys and subscriptions before authentication', async () => {
    const client = await harness.connect('/v2/iex');
    await client.raw();
    client.send({ action: 'subscribe', trades: ['BAC'] });
    expect(await client.next()).toEqual(error(401, 'not authenticated'));
    client.send({ action: 'auth', key: 'key-0', secret: 'wrong' });
    expect(await client.next()).toEqual(error(402, 'auth failed'));
    client.send({ action: 'auth', key: 7 });
    expect(await client.next()).toEqual(error(402, 'auth failed'));
  });

  it('answer every change with the whole set', async () => {
    const client = await harness.enter('/v2/iex');
    client.send({ action: 'subscribe', trades: ['BAC', 'BAC'], quotes: ['NOPE'] });
    const first = { ...NOTHING, trades: ['BAC'], quotes: ['NOPE'] };
    expect(await client.next()).toEqual([
      { ...first, corrections: ['BAC'], cancelErrors: ['BAC'] },
    ]);
    client.send({ action: 'subscribe', trades: ['IBM'], updatedBars: ['*'], quotes: null });
    const both = ['BAC', 'IBM'];
    expect(await client.next()).toEqual([
      { ...first, trades: both, updatedBars: ['*'], corrections: both, cancelErrors: both },
    ]);
    client.send({ action: 'unsubscribe', trades: both, quotes: ['NOPE'], updatedBars: ['*'] });
    expect(await client.next()).toEqual([NOTHING]);
    harness.venue.script(() => {
      harness.venue.trade(0);
    });
    client.send({ action: 'unsubscribe', trades: [] });
    expect(await client.next()).toEqual([NOTHING]);
  });

  it('send what was subscribed, once, to the subscribers only', async () => {
    const client = await harness.enter('/v2/iex');
    client.send({ action: 'subscribe', trades: ['*', 'BAC'], quotes: ['IBM'] });
    await client.raw();
    client.send({ action: 'subscribe', trades: ['BAC', '*'] });
    await client.raw();
    const { venue } = harness;
    venue.script(() => {
      venue.trade(0);
      venue.quote(0);
      venue.quote(1);
      venue.trade(1, { position: 44 });
    });
    expect(await client.next()).toEqual([
      {
        T: 't',
        S: 'BAC',
        i: 42,
        x: 'N',
        p: 13.9,
        s: 100,
        c: ['@'],
        z: 'A',
        t: '2013-10-07T13:30:00.123456Z',
      },
    ]);
    expect(await client.next()).toMatchObject([{ T: 'q', S: 'IBM', bp: 13.9, ap: 13.91 }]);
    expect(await client.next()).toMatchObject([{ T: 't', S: 'IBM', i: 44 }]);
    client.send({ action: 'unsubscribe', trades: ['*'] });
    await client.raw();
    venue.script(() => {
      venue.trade(1);
      venue.trade(0, { position: 45 });
    });
    expect(await client.next()).toMatchObject([{ T: 't', S: 'BAC', i: 45 }]);
    expect(client.received).toEqual([]);
  });

  it('send a bar when its minute closes, and the day so far with it', async () => {
    const client = await harness.enter('/v2/sip');
    client.send({ action: 'subscribe', bars: ['BAC'], dailyBars: ['*'] });
    await client.raw();
    harness.venue.script(() => {
      harness.venue.closeMinute(0, bar);
    });
    expect(await client.next()).toMatchObject([{ T: 'b', S: 'BAC', o: 13.9, v: 1_000 }]);
    expect(await client.next()).toMatchObject([{ T: 'd', S: 'BAC', c: 13.91, n: 7 }]);
  });

  it('speak MessagePack both ways, also when the subscription comes in fragments', async () => {
    const headers = { 'Content-Type': 'application/msgpack', ...keyHeaders() };
    const client = await harness.connect('/v2/iex', { headers });
    const welcome = await client.raw();
    expect(welcome.isBinary).toBe(true);
    expect(decode(welcome.data)).toEqual([{ T: 'success', msg: 'connected' }]);
    await client.raw();
    const message = Buffer.from(encode({ action: 'subscribe', trades: ['BAC'], quotes: ['BAC'] }));
    client.socket.send(message.subarray(0, 10), { fin: false });
    client.socket.send(message.subarray(10, 11), { fin: false });
    client.socket.send(message.subarray(11), { fin: true });
    expect(await client.nextMsgpack()).toMatchObject([{ trades: ['BAC'], quotes: ['BAC'] }]);
    harness.venue.script(() => {
      harness.venue.trade(0);
    });
    const [trade] = (await client.nextMsgpack()) as [{ T: string; t: Date }];
    expect(Object.keys(trade)[0]).toBe('T');
    expect(trade.t).toEqual(new Date('2013-10-07T13:30:00.123Z'));
  });

  it('answer what is no message with 400, unknown channels with 410', async () => {
    const client = await harness.enter('/v2/iex');
    const bad = [
      '',
      '{',
      '[]',
      '{"action":1}',
      '{"action":"dance"}',
      '{"action":"subscribe"}',
      '{"action":"subscribe","trades":"BAC"}',
      '{"action":"subscribe","trades":[7]}',
      '{"action":"subscribe","trades":[""]}',
      `{"action":"subscribe","trades":["${'X'.repeat(33)}"]}`,
    ];
    for (const message of bad) {
      client.send(message);
      expect(await client.next()).toEqual(error(400, 'invalid syntax'));
    }
    client.send({ action: 'subscribe', news: ['*'] });
    expect(await client.next()).toEqual(error(410, 'invalid subscribe action for this feed'));
  });

  it('answer any bytes with an error, and serve the others meanwhile', async () => {
    const headers = { 'Content-Type': 'application/msgpack', ...keyHeaders() };
    const other = await harness.enter('/v2/iex');
    await assert(
      asyncProperty(uint8Array({ maxLength: 200 }), async (bytes) => {
        const client = await harness.connect('/v2/iex', { headers });
        await client.raw();
        await client.raw();
        client.socket.send(bytes);
        expect(await client.nextMsgpack()).toEqual(error(400, 'invalid syntax'));
        client.socket.terminate();
      }),
      { numRuns: 50 },
    );
    other.send({ action: 'subscribe', trades: ['BAC'] });
    expect(await other.next()).toMatchObject([{ T: 'subscription' }]);
  });

  it('take 5,000 symbols, and refuse a set that grows past the limit', async () => {
    const client = await harness.enter('/v2/iex');
    for (let n = 0; n < 4; n++) {
      client.send({ action: 'subscribe', quotes: names(n * 5_000) });
      const [{ quotes }] = (await client.next()) as [{ quotes: string[] }];
      expect(quotes.length).toBe((n + 1) * 5_000);
    }
    client.send({ action: 'subscribe', quotes: ['BAC'] });
    expect(await client.next()).toEqual(error(405, 'symbol limit exceeded'));
  });

  it('close a client whose message is larger than 64 KiB or has too many fragments', async () => {
    const large = await harness.enter('/v2/iex');
    large.send('x'.repeat(64 * 1024 + 1));
    expect((await large.close()).code).toBe(1009);
    const flooding = await harness.enter('/v2/iex');
    for (let n = 0; n < 65; n++) flooding.socket.send('x', { fin: false });
    expect((await flooding.close()).code).toBe(1008);
  });

  it('close a client that sends more than 200 messages at once', async () => {
    const client = await harness.enter('/v2/iex');
    for (let n = 0; n < 300; n++) client.send({ action: 'unsubscribe', trades: [] });
    expect(await client.close()).toEqual({ code: 1008, reason: 'too_many_messages' });
  });

  it('close a client that does not read with 407, holding no more than the cap', async () => {
    const client = await harness.enter('/v2/iex');
    client.send({ action: 'subscribe', trades: ['*'] });
    await client.raw();
    client.socket.pause();
    const { venue, streams } = harness;
    let rounds = 0;
    for (; streams.connections > 0 && rounds < 3_000; rounds++) {
      venue.script(() => {
        for (let n = 0; n < 500; n++) venue.trade(0);
      });
      await new Promise(setImmediate);
    }
    expect(streams.connections).toBe(0);
    expect(venue.listeners.size).toBe(0);
  });
});

describe('time', () => {
  it('a client that does not authenticate gets 404 after ten seconds', async () => {
    const clock = new ManualClock();
    await using harness = await startHarness(clock);
    const client = await harness.connect('/v2/iex');
    await client.raw();
    clock.advance(10_000);
    expect(await client.next()).toEqual(error(404, 'auth timeout'));
    expect(await client.close()).toEqual({ code: 4001, reason: 'auth_timeout' });
  });

  it('a client that answers no ping is cut, one that does stays', async () => {
    const clock = new ManualClock();
    await using harness = await startHarness(clock);
    const alive = await harness.connect('/v2/iex', { headers: keyHeaders() });
    const dead = await harness.connect('/v2/iex', { headers: keyHeaders(), autoPong: false });
    for (let n = 0; n < 3; n++) {
      const pinged = new Promise((resolve) => alive.socket.once('ping', resolve));
      clock.advance(15_000);
      await pinged;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect((await dead.close()).code).toBe(1006);
    expect(alive.closed).toBeUndefined();
  });
});

/** The answer to an upgrade that is refused. */
async function refusal(harness: Harness, lines: readonly string[]): Promise<string> {
  const socket = connect({ port: harness.port, host: '127.0.0.1' });
  const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
  socket.write(`${[...lines, ...upgrade, key].join('\r\n')}\r\n\r\n`);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

describe('the upgrade', () => {
  it('is refused with 404 on unknown paths', async () => {
    await using harness = await startHarness();
    for (const path of ['/', '/v2', '/v2/test', '/v2/iex/', '/streams', '*']) {
      const answer = await refusal(harness, [`GET ${path} HTTP/1.1`, 'Host: localhost']);
      expect(answer).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
      expect(answer).toContain('"code":"not_found"');
    }
  });

  it('of the platform stream needs a caller, and our own page when it is a cookie', async () => {
    await using harness = await startHarness();
    const get = 'GET /api/v1/stream HTTP/1.1';
    expect(await refusal(harness, [get, 'Host: h:1'])).toMatch(/^HTTP\/1\.1 401 /);
    const cookie = 'Cookie: session=good';
    for (const origin of [[], ['Origin: null'], ['Origin: http://evil'], ['Origin: h:1']]) {
      const answer = await refusal(harness, [get, 'Host: h:1', cookie, ...origin]);
      expect(answer).toMatch(/^HTTP\/1\.1 403 /);
      expect(answer).toContain('"code":"origin_foreign"');
    }
    const wrong = [get, 'Host: h:1', 'Cookie: session=old', 'Origin: http://h:1'];
    expect(await refusal(harness, wrong)).toMatch(/^HTTP\/1\.1 401 /);
  });
});
