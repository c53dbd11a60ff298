import { decode, encode } from '@msgpack/msgpack';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventType } from '@rialto/engine/events/event-layout';
import type { Money } from '@rialto/engine/values/money';
import type { Price } from '@rialto/engine/values/price';
import { shares } from '@rialto/engine/values/quantity';
import type { OrderView } from '@rialto/engine/venue/views';
import { ManualClock } from './testing/manual-clock.ts';
import { START } from './testing/scripted-venue.ts';
import { type Harness, keyHeaders, SECRET, startHarness } from './testing/stream-harness.ts';

/** Order 5 of account 0 as the state shows it after it was bought in two parts. */
const bought: OrderView = {
  ref: { number: 5, slot: 3 },
  account: 0,
  instrument: 0,
  side: 'buy',
  orderType: 'limit',
  timeInForce: 'day',
  qty: shares(100),
  limitPrice: 139_100 as Price,
  clientOrderId: 'mine',
  status: 'filled',
  filledQty: shares(100),
  filledCost: 1_390_600_000_000n as Money,
  submittedAt: START,
  updatedAt: START,
};

/** One command: accepted, working, 40 at 13.90, 60 at 13.91. */
function buy({ venue }: Harness): void {
  venue.script(() => {
    venue.orderEvent(EventType.orderAccepted, bought, { leaves: shares(100) });
    venue.orderEvent(EventType.orderWorking, bought, { leaves: shares(100) });
    const first = { leaves: shares(60), qty: shares(40), price: 139_000 as Price };
    venue.orderEvent(EventType.orderFilled, bought, first);
    const second = { leaves: shares(0), qty: shares(60), price: 139_100 as Price };
    venue.orderEvent(EventType.orderFilled, bought, second);
  });
}

const LISTEN = { action: 'listen', data: { streams: ['trade_updates'] } };
const AUTHORIZED = {
  stream: 'authorization',
  data: { status: 'authorized', action: 'authenticate' },
};
const UNAUTHORIZED = {
  stream: 'authorization',
  data: { status: 'unauthorized', action: 'authenticate' },
};

describe('/stream', () => {
  let harness: Harness;

  beforeEach(async () => {
    harness = await startHarness();
  });

  afterEach(async () => {
    await harness[Symbol.asyncDispose]();
  });

  it('says nothing before it is asked, and takes both forms of authentication', async () => {
    const forms = [
      { action: 'authenticate', data: { key_id: 'key-0', secret_key: SECRET } },
      { action: 'auth', key: 'key-0', secret: SECRET },
    ];
    for (const form of forms) {
      for (const path of ['/stream', '/stream/']) {
        const client = await harness.connect(path);
        client.send(form);
        expect(await client.next()).toEqual(AUTHORIZED);
      }
    }
  });

  it('sends JSON in binary frames', async () => {
    const client = await harness.connect('/stream');
    client.send({ action: 'auth', key: 'key-0', secret: SECRET });
    const { data, isBinary } = await client.raw();
    expect(isBinary).toBe(true);
    expect(JSON.parse(data.toString())).toEqual(AUTHORIZED);
  });

  it('refuses a wrong key, lets the client try again, and closes after five failures', async () => {
    const client = await harness.connect('/stream');
    client.send({ action: 'auth', key: 'key-0', secret: 'wrong' });
    expect(await client.next()).toEqual(UNAUTHORIZED);
    client.send({ action: 'auth', key: 'key-0', secret: SECRET });
    expect(await client.next()).toEqual(AUTHORIZED);

    const guessing = await harness.connect('/stream');
    for (let n = 0; n < 5; n++) guessing.send({ action: 'auth', key: 'key-0', secret: `${n}` });
    expect(await guessing.close()).toEqual({ code: 4003, reason: 'auth_failed' });
  });

  it('does not let another account in on an authorized connection', async () => {
    const client = await harness.enter('/stream');
    client.send({ action: 'auth', key: 'key-1', secret: SECRET });
    expect(await client.next()).toEqual(UNAUTHORIZED);
    client.send({ action: 'auth', key: 'key-0', secret: SECRET });
    expect(await client.next()).toEqual(AUTHORIZED);
  });

  it('answers a listen before authentication with unauthorized', async () => {
    const client = await harness.connect('/stream');
    client.send(LISTEN);
    expect(await client.next()).toEqual({
      stream: 'authorization',
      data: { status: 'unauthorized', action: 'listen' },
    });
  });

  it('takes the key from the headers and listens idempotently', async () => {
    const client = await harness.connect('/stream', { headers: keyHeaders() });
    for (let n = 0; n < 3; n++) {
      client.send(LISTEN);
      expect(await client.next()).toEqual({
        stream: 'listening',
        data: { streams: ['trade_updates'] },
      });
    }
    buy(harness);
    for (const event of ['new', 'partial_fill', 'fill']) {
      expect(await client.next()).toMatchObject({ stream: 'trade_updates', data: { event } });
    }
    expect(client.received).toEqual([]);
  });

  it('shows the order as it stood at each event, though one command did it all', async () => {
    const client = await harness.enter('/stream');
    client.send(LISTEN);
    await client.raw();
    buy(harness);
    expect(await client.next()).toMatchObject({
      data: {
        event: 'new',
        at: '2013-10-07T13:30:00.123456Z',
        timestamp: '2013-10-07T13:30:00.123456Z',
        order: { status: 'new', filled_qty: '0', filled_avg_price: null, client_order_id: 'mine' },
      },
    });
    expect(await client.next()).toMatchObject({
      data: {
        event: 'partial_fill',
        price: '13.9',
        qty: '40',
        position_qty: '40',
        order: { status: 'partially_filled', filled_qty: '40', filled_avg_price: '13.9' },
      },
    });
    expect(await client.next()).toMatchObject({
      data: {
        event: 'fill',
        price: '13.91',
        qty: '60',
        position_qty: '100',
        order: { status: 'filled', filled_qty: '100', filled_avg_price: '13.906' },
      },
    });
  });

  it('gives events ids that sort and repeat with the replay', async () => {
    const client = await harness.enter('/stream');
    client.send(LISTEN);
    await client.raw();
    buy(harness);
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) {
      const { data } = (await client.next()) as {
        data: { event_id: string; execution_id?: string };
      };
      ids.push(data.event_id);
      expect(data.execution_id !== undefined).toBe(n > 0);
    }
    expect(ids.toSorted()).toEqual(ids);
    expect(ids).toEqual([
      '01869HRC1V000001R000000001',
      '01869HRC1V000001R000000003',
      '01869HRC1V000001R000000004',
    ]);
  });

  it('tells an order that waits for the open as accepted, later as new', async () => {
    const client = await harness.enter('/stream');
    client.send(LISTEN);
    await client.raw();
    const waiting: OrderView = {
      ...bought,
      status: 'accepted',
      filledQty: shares(0),
      filledCost: 0n as Money,
    };
    const { venue } = harness;
    venue.script(() => {
      venue.orderEvent(EventType.orderAccepted, waiting, { leaves: shares(100) });
    });
    venue.script(() => {
      venue.orderEvent(
        EventType.orderWorking,
        { ...waiting, status: 'new' },
        { leaves: shares(100) },
      );
    });
    venue.script(() => {
      const canceled: OrderView = { ...waiting, status: 'canceled' };
      venue.orderEvent(EventType.orderCanceled, canceled, { leaves: shares(100) });
    });
    for (const [event, status] of [
      ['accepted', 'accepted'],
      ['new', 'new'],
      ['canceled', 'canceled'],
    ]) {
      expect(await client.next()).toMatchObject({ data: { event, order: { status } } });
    }
  });

  it('keeps accounts apart', async () => {
    const other = await harness.connect('/stream', { headers: keyHeaders(1) });
    other.send(LISTEN);
    await other.raw();
    const own = await harness.connect('/stream', { headers: keyHeaders(0) });
    own.send(LISTEN);
    await own.raw();
    buy(harness);
    await own.raw();
    other.send(LISTEN);
    expect(await other.next()).toMatchObject({ stream: 'listening' });
  });

  it('speaks MessagePack both ways when asked by the content type', async () => {
    const headers = { 'Content-Type': 'application/msgpack' };
    const client = await harness.connect('/stream', { headers });
    client.socket.send(encode({ action: 'auth', key: 'key-0', secret: SECRET }));
    const { data, isBinary } = await client.raw();
    expect(isBinary).toBe(true);
    expect(decode(data)).toEqual(AUTHORIZED);
  });

  it('answers bad messages with an error and goes on', async () => {
    const client = await harness.enter('/stream');
    const invalid = { action: 'error', data: { error_message: 'invalid syntax' } };
    for (const bad of ['', '{', 'null', '[]', '"x"', '\u0000', '{"action":"listen"}']) {
      client.send(bad);
      expect(await client.next()).toEqual(invalid);
    }
    client.send({ action: 'dance' });
    expect(await client.next()).toEqual({
      action: 'error',
      data: { error_message: 'unknown action' },
    });
    client.send(LISTEN);
    expect(await client.next()).toMatchObject({ stream: 'listening' });
  });

  it('closes a caller whose venue was replaced with 1012, and everyone with 1001 at the end', async () => {
    const moved = await harness.enter('/stream');
    harness.streams.venueChanged('venue-1', 'venue-2');
    expect(await moved.close()).toEqual({ code: 1012, reason: 'venue_changed' });
    const last = await harness.enter('/stream');
    await harness.streams[Symbol.asyncDispose]();
    expect(await last.close()).toEqual({ code: 1001, reason: 'server_shutdown' });
    expect(harness.streams.connections).toBe(0);
    expect(harness.venue.listeners.size).toBe(0);
  });
});

describe('/stream without authentication', () => {
  it('is closed after ten seconds', async () => {
    const clock = new ManualClock();
    await using harness = await startHarness(clock);
    const client = await harness.connect('/stream');
    clock.advance(9_999);
    expect(client.closed).toBeUndefined();
    clock.advance(1);
    expect(await client.close()).toEqual({ code: 4001, reason: 'auth_timeout' });
  });
});
