import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventType } from '@rialto/engine/events/event-layout';
import type { Money } from '@rialto/engine/values/money';
import type { Price } from '@rialto/engine/values/price';
import { shares } from '@rialto/engine/values/quantity';
import type { BarView, OrderView } from '@rialto/engine/venue/views';
import { ManualClock } from './testing/manual-clock.ts';
import { START } from './testing/scripted-venue.ts';
import {
  type Harness,
  keyHeaders,
  startHarness,
  type TestClient,
  until,
} from './testing/stream-harness.ts';

const CLOCK = {
  time: '2013-10-07T13:30:00.123456Z',
  speed: 1,
  status: 'running',
  session: 'regular',
  progress: 0.25,
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

/** Messages of a type that have come since, in order. */
async function ofType(client: TestClient, type: string, count: number): Promise<unknown[]> {
  const found: unknown[] = [];
  while (found.length < count) {
    const message = (await client.next()) as { readonly type: string };
    if (message.type === type) found.push(message);
  }
  return found;
}

describe('/api/v1/stream', () => {
  let clock: ManualClock;
  let harness: Harness;

  beforeEach(async () => {
    clock = new ManualClock();
    harness = await startHarness(clock);
  });

  afterEach(async () => {
    await harness[Symbol.asyncDispose]();
  });

  async function signIn(): Promise<TestClient> {
    const client = await harness.connect('/api/v1/stream', { headers: keyHeaders() });
    expect(await client.next()).toEqual({
      type: 'hello',
      seq: harness.venue.seq,
      venue: { id: 'venue-1', name: 'name of venue-1', symbols: ['BAC', 'IBM'] },
      clock: CLOCK,
    });
    return client;
  }

  /** The client's message has arrived and its answer is written. */
  async function answered(client: TestClient, message: unknown): Promise<unknown> {
    client.send(message);
    // Only the fan-out waits here, for its next turn.
    const answer = client.next();
    const turning = setInterval(() => {
      clock.advance(1);
    }, 5);
    try {
      return await answer;
    } finally {
      clearInterval(turning);
    }
  }

  async function subscribe(client: TestClient, lists: object): Promise<void> {
    const message = { action: 'subscribe', quotes: [], trades: [], bars: [], ...lists };
    expect(await answered(client, message)).toMatchObject({ type: 'subscribed' });
  }

  /** Ends one window of 100 ms and lets the fan-out write. */
  function endWindow(): void {
    clock.advance(100);
    clock.advance(5);
  }

  it('takes the session cookie from our own page', async () => {
    const headers = { Cookie: 'session=good', Origin: `http://127.0.0.1:${harness.port}` };
    const client = await harness.connect('/api/v1/stream', { headers });
    expect(await client.next()).toMatchObject({ type: 'hello' });
  });

  it('conflates quotes: the newest values once per window, and how many were left out', async () => {
    const client = await signIn();
    await subscribe(client, { quotes: ['BAC', 'BAC'] });
    const { venue } = harness;
    venue.script(() => {
      for (let n = 0; n < 9; n++) venue.quote(0, { bidSize: n });
      venue.trade(0);
      venue.quote(1);
    });
    endWindow();
    expect(await ofType(client, 'quotes', 1)).toEqual([
      {
        type: 'quotes',
        seq: 11,
        quotes: {
          BAC: {
            t: '2013-10-07T13:30:00.123456Z',
            bp: 13.9,
            bs: 8,
            ap: 13.91,
            as: 800,
            p: 13.9,
            v: 0,
          },
        },
        dropped: 9,
      },
    ]);
  });

  it('answers a subscription with what is known now', async () => {
    const client = await signIn();
    harness.venue.script(() => {
      harness.venue.quote(1);
    });
    harness.venue.market(1, { minuteBar: bar });
    await subscribe(client, { quotes: ['IBM', 'BAC'], bars: ['IBM'] });
    expect(await client.next()).toMatchObject({
      type: 'quotes',
      seq: 1,
      quotes: { IBM: { bp: 13.9 } },
      dropped: 0,
    });
    expect(await client.next()).toMatchObject({
      type: 'bar',
      symbol: 'IBM',
      bar: { o: 13.9, c: 13.91, n: 7 },
      final: false,
    });
  });

  it('sends the newest 50 prints of a window and counts the others', async () => {
    const client = await signIn();
    await subscribe(client, { trades: ['BAC'] });
    const { venue } = harness;
    venue.script(() => {
      for (let n = 1; n <= 70; n++) venue.trade(0, { size: n });
    });
    endWindow();
    const [message] = (await ofType(client, 'trades', 1)) as [
      { trades: { s: number }[]; dropped: number; symbol: string },
    ];
    expect(message.symbol).toBe('BAC');
    expect(message.trades.map(({ s }) => s)).toEqual(Array.from({ length: 50 }, (_, n) => n + 21));
    expect(message.dropped).toBe(20);
  });

  it('sends closed bars as final before the bar in progress', async () => {
    const client = await signIn();
    await subscribe(client, { bars: ['BAC'] });
    const { venue } = harness;
    venue.script(() => {
      venue.closeMinute(0, bar);
      venue.trade(0);
    });
    venue.market(0, { minuteBar: { ...bar, tradeCount: 1 } });
    endWindow();
    expect(await ofType(client, 'bar', 2)).toMatchObject([
      { final: true, bar: { n: 7 } },
      { final: false, bar: { n: 1 } },
    ]);
  });

  it('sends the clock every second, and in the next window when it changes', async () => {
    const client = await signIn();
    await subscribe(client, {});
    for (let n = 0; n < 30; n++) endWindow();
    const regular = await ofType(client, 'clock', 3);
    expect(regular[0]).toEqual({ type: 'clock', seq: 0, clock: CLOCK });
    await until(() => client.received.length <= 1);
    client.received.length = 0;
    harness.venue.view = { ...harness.venue.view, paused: true };
    harness.venue.script(() => {
      harness.venue.bare(EventType.clockSet);
    });
    endWindow();
    expect(await ofType(client, 'clock', 1)).toEqual([
      { type: 'clock', seq: 1, clock: { ...CLOCK, status: 'paused' } },
    ]);
  });

  it('sends each order event at once, before any market data of the same command', async () => {
    const client = await signIn();
    await subscribe(client, { quotes: ['BAC'] });
    const order: OrderView = {
      ref: { number: 1, slot: 0 },
      account: 0,
      instrument: 0,
      side: 'sell',
      orderType: 'market',
      timeInForce: 'day',
      qty: shares(10),
      limitPrice: 0 as Price,
      clientOrderId: 'mine',
      status: 'filled',
      filledQty: shares(10),
      filledCost: 139_000_000_000n as Money,
      submittedAt: START,
      updatedAt: START,
    };
    const { venue } = harness;
    venue.script(() => {
      venue.quote(0);
      venue.orderEvent(EventType.orderAccepted, order, { leaves: shares(10) });
      const fill = { leaves: shares(0), qty: shares(10), price: 139_000 as Price };
      venue.orderEvent(EventType.orderFilled, order, fill);
    });
    endWindow();
    expect(await client.next()).toMatchObject({ type: 'order', seq: 2, event: 'new' });
    expect(await client.next()).toMatchObject({
      type: 'order',
      seq: 3,
      event: 'fill',
      price: '13.9',
      qty: '10',
      position_qty: '-10',
      order: { status: 'filled', symbol: 'BAC', filled_qty: '10' },
    });
    expect(await client.next()).toMatchObject({ type: 'quotes', seq: 3 });
  });

  it('refuses bad subscriptions whole, with stable codes, and goes on', async () => {
    const client = await signIn();
    const lists = { action: 'subscribe', quotes: [], trades: [], bars: [] };
    const refused: [unknown, string][] = [
      ['', 'message_invalid'],
      ['{"action":', 'message_invalid'],
      ['[]', 'message_invalid'],
      [{ action: 7 }, 'message_invalid'],
      [{ action: 'dance' }, 'action_unknown'],
      [{ action: 'subscribe' }, 'message_invalid'],
      [{ ...lists, quotes: 'BAC' }, 'message_invalid'],
      [{ ...lists, bars: [7] }, 'message_invalid'],
      [{ ...lists, trades: ['BAC', 'NOPE'] }, 'symbol_unknown'],
      [{ ...lists, trades: ['__proto__'] }, 'symbol_unknown'],
      [{ ...lists, quotes: Array<string>(501).fill('BAC') }, 'too_many_symbols'],
      [{ ...lists, bars: Array<string>(51).fill('BAC') }, 'too_many_symbols'],
    ];
    for (const [message, code] of refused) {
      expect(await answered(client, message)).toMatchObject({ type: 'error', code });
    }
    await subscribe(client, { quotes: ['BAC'] });
  });

  it('says that the venue was replaced before it closes', async () => {
    const client = await signIn();
    harness.streams.venueChanged('venue-1', 'venue-2');
    expect(await client.next()).toEqual({ type: 'venue_changed', seq: 0, venue_id: 'venue-2' });
    expect(await client.close()).toEqual({ code: 1012, reason: 'venue_changed' });
  });

  it('closes the connections of a caller whose key was revoked', async () => {
    const client = await signIn();
    harness.streams.closeWhere(({ userId }) => userId === 'somebody else');
    harness.streams.closeWhere(({ userId }) => userId === 'user');
    expect(await client.close()).toEqual({ code: 4003, reason: 'auth_failed' });
  });

  it('does nothing when nobody is connected', async () => {
    const client = await signIn();
    client.socket.close();
    await until(() => harness.streams.connections === 0);
    expect(harness.venue.listeners.size).toBe(0);
  });
});
