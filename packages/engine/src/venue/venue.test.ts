import { expect, test } from 'vitest';
import type { RecordedTape } from '../market/recorded-tape.ts';
import { parseMoney } from '../values/money.ts';
import { parseQuantity, shares } from '../values/quantity.ts';
import type { Micros } from '../values/time.ts';
import type { Command } from './command.ts';
import { eventLines } from './testing/event-lines.ts';
import {
  advance,
  BAC,
  IBM,
  ny,
  openAccount,
  openVenue,
  order,
  price,
  tapeOf,
} from './testing/tape-builder.ts';
import { createVenue } from './venue.ts';
import type { VenueApi } from './venue-api.ts';
import type { Outcome } from './views.ts';

/** A venue opened at 09:00 with account 0, played up to a New York time. */
function venueAt(clock: string, tape: RecordedTape, from = '09:00'): VenueApi {
  const venue = createVenue(tape);
  venue.apply(openVenue(ny(from)));
  venue.apply(openAccount('a0'));
  expect(venue.apply(advance(clock))).toEqual({ ok: true });
  return venue;
}

function linesOf(venue: VenueApi, command: Command): string[] {
  expect(venue.apply(command)).toMatchObject({ ok: true });
  return eventLines(venue.events);
}

function refusal(outcome: Outcome): unknown {
  return outcome.ok ? undefined : outcome.refusal;
}

const quoted = tapeOf({
  trades: [['09:30:00', BAC, '13.90', 100]],
  quotes: [
    ['09:30:00', BAC, '13.90', 500, '13.91', 300],
    ['09:30:05', BAC, '13.90', 500, '13.92', 200],
  ],
});

test('a market order fills at the recorded quote, up to its size, and the rest is canceled', () => {
  const venue = venueAt('09:30:01', quoted);
  expect(linesOf(venue, order('buy 400 BAC', 'c1'))).toEqual([
    '09:30:01 #1 orderWorking',
    '09:30:01 #1 orderFilled 300 @ 13.91 quoteTaken taker cause 1 leaves 100',
    '09:30:01 #1 orderCanceled noLiquidity',
  ]);
  expect(venue.position(0, BAC)).toMatchObject({ qty: shares(300), cost: parseMoney('4173') });
  expect(venue.account(0)).toMatchObject({
    id: 'a0',
    cash: parseMoney('95827'),
    held: 0n,
    buyingPower: parseMoney('95827'),
    openingCash: parseMoney('100000'),
  });
  expect(venue.verify()).toEqual([]);
});

test('what was taken from a quote is not there again until the quote changes', () => {
  const venue = venueAt('09:30:01', quoted);
  venue.apply(order('buy 300 BAC', 'c1'));
  expect(linesOf(venue, order('buy 1 BAC', 'c2'))).toEqual([
    '09:30:01 #2 orderWorking',
    '09:30:01 #2 orderCanceled noLiquidity',
  ]);
  venue.apply(advance('09:30:05'));
  expect(linesOf(venue, order('buy 1 BAC', 'c3'))).toContain(
    '09:30:05 #3 orderFilled 1 @ 13.92 quoteTaken taker cause 2 leaves 0',
  );
});

test('a resting order fills after the queue that was there before it', () => {
  const venue = venueAt(
    '09:30:01',
    tapeOf({
      quotes: [['09:30:00', BAC, '13.90', 500, '13.92', 300]],
      trades: [
        ['09:30:02', BAC, '13.90', 400],
        ['09:30:03', BAC, '13.90', 250],
        ['09:30:04', BAC, '13.89', 1_000],
      ],
    }),
  );
  expect(linesOf(venue, order('buy 200 BAC 13.90', 'c1'))).toEqual(['09:30:01 #1 orderWorking']);
  expect(linesOf(venue, advance('09:30:03'))).toEqual([
    '09:30:02 BAC trade 400 @ 13.9',
    '09:30:03 BAC trade 250 @ 13.9',
    '09:30:03 #1 orderFilled 150 @ 13.9 queueReached maker cause 2 leaves 50',
  ]);
  expect(linesOf(venue, advance('09:30:04'))).toEqual([
    '09:30:04 BAC trade 1000 @ 13.89',
    '09:30:04 #1 orderFilled 50 @ 13.9 tradedThrough maker cause 3 leaves 0',
    '09:30:04 tape ended',
  ]);
});

test('a print that does not set the last price fills nobody', () => {
  const venue = venueAt(
    '09:30:01',
    tapeOf({
      quotes: [['09:30:00', BAC, '13.90', 500, '13.92', 300]],
      trades: [
        ['09:30:02', BAC, '13.50', 400, 0x4000],
        ['09:30:03', BAC, '13.50', 400, 0x100000],
        ['09:30:04', BAC, '13.50', 400, 0x2000],
      ],
    }),
  );
  venue.apply(order('buy 200 BAC 13.90', 'c1'));
  expect(linesOf(venue, advance('09:30:10'))).toEqual([
    '09:30:02 BAC trade 400 @ 13.5',
    '09:30:03 BAC trade 400 @ 13.5',
    '09:30:04 BAC trade 400 @ 13.5',
    '09:30:04 tape ended',
  ]);
});

test('nobody can take a quote that is not firm', () => {
  const venue = venueAt(
    '09:31',
    tapeOf({ quotes: [['09:30:00', BAC, '13.90', 500, '13.92', 300, 0x201]] }),
  );
  expect(refusal(venue.apply(order('buy 1 BAC', 'c1')))).toEqual({
    code: 'no_price',
    symbol: 'BAC',
  });
  expect(venue.market(BAC).lastQuote).toMatchObject({
    askPrice: price('13.92'),
    conditions: 0x201,
  });
});

test('an order of the night waits for the open and takes the quote that stands then', () => {
  const tape = tapeOf({
    quotes: [['09:29:59', BAC, '13.90', 500, '13.91', 300]],
    trades: [['09:29:58', BAC, '13.90', 100, 0x2000]],
  });
  const venue = venueAt('09:29:59.5', tape);
  expect(linesOf(venue, order('buy 100 BAC', 'c1'))).toEqual(['09:29:59.5 #1 orderAccepted']);
  expect(venue.openOrders(0)).toMatchObject([{ ref: { number: 1 }, status: 'accepted' }]);
  expect(linesOf(venue, order('buy 100 BAC 13.91 ioc', 'c2'))).toEqual([
    '09:29:59.5 #2 orderAccepted',
    '09:29:59.5 #2 orderCanceled immediateRemainder',
  ]);
  expect(linesOf(venue, advance('09:30'))).toEqual([
    '09:30:00 BAC bar 13.9/13.9/13.9/13.9 v100 n1',
    '09:30:00 session regular 20131007',
    '09:30:00 #1 orderWorking',
    '09:30:00 #1 orderFilled 100 @ 13.91 quoteTaken taker cause 1 leaves 0',
  ]);
});

test('a day order expires at the close, a gtc order stays', () => {
  const venue = venueAt('15:59', quoted);
  venue.apply(order('buy 100 BAC 13.80', 'c1'));
  venue.apply(order('buy 100 BAC 13.80 gtc', 'c2'));
  expect(linesOf(venue, advance('16:00'))).toEqual([
    '16:00:00 session post 20131007',
    '16:00:00 #1 orderExpired dayEnded',
  ]);
  expect(venue.openOrders(0)).toMatchObject([{ ref: { number: 2 }, status: 'new' }]);
  expect(venue.clock().session).toBe('post');
});

test('at the instant of the close the session changes before the rows of that instant', () => {
  const venue = venueAt(
    '15:59',
    tapeOf({
      quotes: [['15:58', BAC, '13.90', 500, '13.92', 300]],
      trades: [['16:00', BAC, '13.00', 400, 0x80]],
    }),
  );
  venue.apply(order('buy 100 BAC 13.90', 'c1'));
  expect(linesOf(venue, advance('16:00'))).toEqual([
    '16:00:00 session post 20131007',
    '16:00:00 #1 orderExpired dayEnded',
    '16:00:00 BAC trade 400 @ 13',
    '16:00:00 tape ended',
  ]);
});

test('bars of minutes and of the day, by hand', () => {
  const venue = venueAt(
    '09:29:00',
    tapeOf({
      trades: [
        ['09:29:30', BAC, '13.80', 100, 0x2000], // extended hours: minute, and volume of the day
        ['09:30:01', BAC, '13.90', 200],
        ['09:30:20', BAC, '13.95', 100, 0x20],
        ['09:30:30', BAC, '14.50', 50, 0x4000], // out of sequence: high and volume
        ['09:30:40', BAC, '20.00', 70, 0x100000], // average price: volume
        ['09:30:50', BAC, '13.90', 9_000, 0x4000000], // official open: nothing
        ['09:30:59.999999', BAC, '13.85', 100],
        ['09:31:00', IBM, '181.30', 300],
        ['09:33:00', BAC, '13.99', 10, 0x100000], // a minute without a price: no bar
        ['09:35:00', BAC, '13.70', 400],
        ['16:00:01', BAC, '13.71', 5_000, 0x80], // closing auction
        ['16:00:02', BAC, '13.71', 5_000, 0x1000000], // official close: nothing
        ['17:00:00', BAC, '13.00', 600, 0x2000],
      ],
    }),
  );
  expect(linesOf(venue, advance('09:35:30')).filter((line) => !line.includes('trade'))).toEqual([
    '09:30:00 BAC bar 13.8/13.8/13.8/13.8 v100 n1',
    '09:30:00 session regular 20131007',
    '09:31:00 BAC bar 13.9/14.5/13.85/13.85 v520 n5',
    '09:32:00 IBM bar 181.3/181.3/181.3/181.3 v300 n1',
  ]);
  expect(venue.market(BAC)).toMatchObject({
    lastTrade: { price: price('13.70'), size: 400, position: 9 },
    minuteBar: { start: ny('09:35'), open: price('13.70'), volume: 400 },
    lastMinuteBar: { start: ny('09:30'), close: price('13.85') },
    dayBar: { start: ny('00:00'), open: price('13.90'), high: price('14.50'), low: price('13.70') },
    previousDayBar: undefined,
  });
  venue.apply(advance('19:59'));
  expect(linesOf(venue, advance('20:00'))).toEqual([
    '20:00:00 BAC day bar 13.9/14.5/13.7/13.71 v6630 n10',
    '20:00:00 IBM day bar 181.3/181.3/181.3/181.3 v300 n1',
    '20:00:00 session closed 20131007',
  ]);
  expect(venue.market(BAC).dayBar).toMatchObject({ volume: 6_630 });
  // On the next morning the day becomes the previous day.
  venue.apply(advance('04:00', '2013-10-08'));
  expect(venue.market(BAC)).toMatchObject({
    dayBar: undefined,
    previousDayBar: { start: ny('00:00'), close: price('13.71') },
  });
});

test('an empty minute at the end of a slice closes only when time passes its end', () => {
  const venue = venueAt('09:31:59.999999', quoted);
  expect(venue.market(BAC).minuteBar).toBeUndefined();
  const other = venueAt('09:30:59.999999', quoted);
  expect(other.market(BAC).minuteBar).toMatchObject({ start: ny('09:30'), volume: 100 });
  expect(linesOf(other, advance('09:31'))).toEqual([
    '09:31:00 BAC bar 13.9/13.9/13.9/13.9 v100 n1',
  ]);
});

test('sessions follow half days and the change of the clocks', () => {
  const venue = createVenue(tapeOf());
  expect(linesOf(venue, openVenue(ny('12:00', '2013-11-01')))).toEqual([
    '12:00:00 session regular 20131101',
  ]);
  // Clocks go back on Sunday 3 November; sessions keep New York time.
  expect(linesOf(venue, advance('10:00', '2013-11-04'))).toEqual([
    '16:00:00 session post 20131101',
    '20:00:00 session closed 20131101',
    '04:00:00 session pre 20131104',
    '09:30:00 session regular 20131104',
  ]);
  venue.apply(advance('12:00', '2013-11-27'));
  expect(linesOf(venue, advance('23:00', '2013-11-29'))).toEqual([
    '16:00:00 session post 20131127',
    '20:00:00 session closed 20131127',
    '04:00:00 session pre 20131129',
    '09:30:00 session regular 20131129',
    '13:00:00 session post 20131129',
    '17:00:00 session closed 20131129',
  ]);
});

test('closing a position sells all of it, a quantity or a fraction', () => {
  const venue = venueAt(
    '09:30:01',
    tapeOf({ quotes: [['09:30:00', BAC, '13.90', 5_000, '13.91', 3_000]] }),
  );
  venue.apply(order('buy 101 BAC', 'c1'));
  const close = { type: 'close_position', at: 0 as Micros, account: 0, instrument: BAC } as const;
  const none = { qty: undefined, fractionNanos: undefined };
  const sold = (command: Command): unknown => {
    const outcome = venue.apply(command);
    return outcome.ok && outcome.order ? venue.order(outcome.order)?.filledQty : outcome;
  };
  const half = { ...close, ...none, fractionNanos: 500_000_000, clientOrderId: 'c2' };
  expect(sold(half)).toBe(parseQuantity('50.5'));
  expect(sold({ ...close, ...none, qty: shares(20), clientOrderId: 'c3' })).toBe(shares(20));
  expect(sold({ ...close, ...none, clientOrderId: 'c4' })).toBe(parseQuantity('30.5'));
  expect(venue.position(0, BAC)).toBeUndefined();
  expect(sold({ ...close, ...none, clientOrderId: 'c5' })).toEqual({
    ok: false,
    refusal: { code: 'position_unknown' },
  });
  expect(venue.verify()).toEqual([]);
});

test('a fraction of shares that cannot be divided is cut to whole ones', () => {
  const tape = tapeOf({ quotes: [['09:30:00', IBM, '181.30', 900, '181.31', 900]] });
  const venue = venueAt('09:30:01', tape);
  venue.apply(order('buy 3 IBM', 'c1'));
  const close = {
    type: 'close_position',
    at: 0 as Micros,
    account: 0,
    instrument: IBM,
    qty: undefined,
  } as const;
  const part = { ...close, fractionNanos: 500_000_000, clientOrderId: 'c2' };
  expect(venue.apply(part)).toMatchObject({ ok: true });
  expect(venue.position(0, IBM)?.qty).toBe(shares(2));
  const little = { ...close, fractionNanos: 1, clientOrderId: 'c3' };
  expect(refusal(venue.apply(little))).toEqual({ code: 'qty_invalid' });
  const both = { ...close, qty: shares(1), fractionNanos: 1, clientOrderId: 'c4' };
  expect(refusal(venue.apply(both))).toEqual({ code: 'qty_invalid' });
  const tooMuch = { ...close, fractionNanos: 1_000_000_001, clientOrderId: 'c5' };
  expect(refusal(venue.apply(tooMuch))).toEqual({ code: 'qty_invalid' });
});

test('the same client order id with the same terms is the same order', () => {
  const venue = venueAt('09:30:01', quoted);
  const first = venue.apply(order('buy 100 BAC', 'c1'));
  const { seq } = venue;
  expect(venue.apply(order('buy 100 BAC', 'c1'))).toEqual({ ...first, replayed: true });
  expect(venue.seq).toBe(seq);
  expect(refusal(venue.apply(order('buy 101 BAC', 'c1')))).toEqual({
    code: 'client_order_id_reused',
    existing: { number: 1, slot: expect.any(Number) as number },
  });
  expect(venue.orderRefByClientId(0, 'c1')).toMatchObject({ number: 1 });
  expect(venue.orderRefByClientId(0, 'c2')).toBeUndefined();
});

test('orders are canceled one by one and all at once', () => {
  const venue = venueAt('09:30:01', quoted);
  for (const id of ['c1', 'c2', 'c3']) venue.apply(order('buy 100 BAC 13.80', id));
  const [first] = venue.openOrders(0);
  const cancel = { type: 'cancel_order', at: 0 as Micros, account: 0 } as const;
  const ref = first?.ref ?? { number: 0, slot: 0 };
  expect(linesOf(venue, { ...cancel, order: ref })).toEqual([
    '09:30:01 #1 orderCanceled requested',
  ]);
  // The order can still be read until the next command.
  expect(venue.order(ref)).toMatchObject({ status: 'canceled' });
  expect(refusal(venue.apply({ ...cancel, order: ref }))).toEqual({ code: 'order_not_open' });
  const outcome = venue.apply({ type: 'cancel_all_orders', at: 0 as Micros, account: 0 });
  expect(outcome).toMatchObject({ ok: true, canceled: [{ number: 2 }, { number: 3 }] });
  expect(venue.account(0)?.held).toBe(0n);
});

test('a command may carry a later time, but none beyond what has not happened yet', () => {
  const venue = venueAt('09:30:01', quoted);
  const at = (time: Micros): string[] =>
    linesOf(venue, { type: 'set_clock', at: time, speed: 10, paused: true });
  expect(at(ny('09:30:02.5'))).toEqual(['09:30:02.5 clock x10 paused']);
  expect(at(ny('09:30:02'))).toEqual(['09:30:02.5 clock x10 paused']);
  // The quote of 09:30:05 was not played, the minute did not end.
  expect(at(ny('12:00'))).toEqual(['09:30:05 clock x10 paused']);
  venue.apply(advance('09:30:10'));
  expect(at(ny('12:00'))).toEqual(['09:30:59.999999 clock x10 paused']);
  venue.apply(advance('09:31'));
  expect(at(ny('23:00'))).toEqual(['15:59:59.999999 clock x10 paused']);
  expect(venue.clock()).toMatchObject({ speed: 10, paused: true, tapeEnded: true, ended: false });
});

test('the end of a venue cancels what is open and refuses what comes', () => {
  const venue = venueAt('09:30:01', quoted);
  venue.apply(order('buy 100 BAC 13.80 gtc', 'c1'));
  expect(linesOf(venue, { type: 'end_venue', at: 0 as Micros })).toEqual([
    '09:30:01 #1 orderCanceled venueEnded',
  ]);
  expect(venue.clock().ended).toBe(true);
  for (const command of [order('buy 1 BAC', 'c2'), advance('10:00'), openAccount('a1')]) {
    expect(refusal(venue.apply(command))).toEqual({ code: 'venue_ended' });
  }
});
