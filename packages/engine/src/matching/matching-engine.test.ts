import { describe, expect, it } from 'vitest';
import { EventBuffer } from '../events/event-buffer.ts';
import { ByteReader, ByteWriter } from '../values/bytes.ts';
import { dollars } from '../values/money.ts';
import { shares } from '../values/quantity.ts';
import { MatchingEngine } from './matching-engine.ts';
import { TradingDay } from './testing/trading-day.ts';

function marketWith(...accounts: { cash: number; shares?: number }[]): TradingDay {
  const day = new TradingDay();
  accounts.forEach(({ cash, shares: count }) => {
    const account = day.account(cash);
    if (count !== undefined) day.give(account, count);
  });
  return day;
}

const SELLER = 0;
const BUYER = 1;

describe('price-time priority', () => {
  it('fills the better price first, and at one price the earlier order', () => {
    const day = marketWith({ cash: 10_000, shares: 300 }, { cash: 10_000 });
    day.limit(SELLER, 'sell', '100', '10.02');
    day.limit(SELLER, 'sell', '100', '10.01');
    day.limit(SELLER, 'sell', '100', '10.01');
    expect(day.limit(BUYER, 'buy', '250', '10.02')).toEqual([
      '#5 working 250 @ 10.02',
      '#5 filled 100 @ 10.01 order',
      '#3 filled 100 @ 10.01 order maker',
      '#5 filled 100 @ 10.01 order',
      '#4 filled 100 @ 10.01 order maker',
      '#5 filled 50 @ 10.02 order',
      '#2 filled 50 @ 10.02 order maker',
    ]);
    expect(day.engine.verify()).toEqual([]);
  });

  it('keeps the place of an order that only shrinks, and takes it from one that grows', () => {
    const day = marketWith({ cash: 10_000, shares: 300 }, { cash: 10_000 });
    day.limit(SELLER, 'sell', '100', '10.01');
    day.limit(SELLER, 'sell', '100', '10.01');
    day.replace(SELLER, 2, '50', '10.01');
    expect(day.limit(BUYER, 'buy', '60', '10.01', 'ioc')).toContain(
      '#2 filled 50 @ 10.01 order maker',
    );
    day.limit(SELLER, 'sell', '100', '10.01');
    day.replace(SELLER, 3, '120', '10.01');
    expect(day.limit(BUYER, 'buy', '10', '10.01', 'ioc')).toContain(
      '#5 filled 10 @ 10.01 order maker',
    );
  });
});

describe('times in force', () => {
  it('cancels what an ioc order cannot take', () => {
    const day = marketWith({ cash: 10_000, shares: 100 }, { cash: 10_000 });
    day.limit(SELLER, 'sell', '30', '10.00');
    expect(day.limit(BUYER, 'buy', '50', '10.00', 'ioc')).toEqual([
      '#3 working 50 @ 10',
      '#3 filled 30 @ 10 order',
      '#2 filled 30 @ 10 order maker',
      '#3 canceled 50 @ 10 immediateRemainder',
    ]);
    expect(day.engine.heldCash(BUYER)).toBe(0n);
  });

  it('fills a fok order whole across book and quote, or not at all', () => {
    const day = marketWith({ cash: 10_000, shares: 100 }, { cash: 10_000 });
    day.limit(SELLER, 'sell', '30', '10.00');
    day.quote('9.98', 100, '10.01', 20);
    expect(day.limit(BUYER, 'buy', '51', '10.01', 'fok')).toEqual([
      '#3 working 51 @ 10.01',
      '#3 canceled 51 @ 10.01 notFillableWhole',
    ]);
    expect(day.limit(BUYER, 'buy', '50', '10.01', 'fok')).toEqual([
      '#4 working 50 @ 10.01',
      '#4 filled 30 @ 10 order',
      '#2 filled 30 @ 10 order maker',
      '#4 filled 20 @ 10.01 quoteTaken',
    ]);
  });

  it('expires day orders at the close and keeps gtc orders', () => {
    const day = marketWith({ cash: 10_000 });
    day.limit(0, 'buy', '1', '9.00', 'day');
    day.limit(0, 'buy', '1', '9.00', 'gtc');
    expect(day.close()).toEqual(['#1 expired 1 @ 9 dayEnded']);
    expect(day.engine.openOrders(0).map((order) => order.ref.number)).toEqual([2]);
    expect(day.engine.heldCash(0)).toBe(dollars(9));
  });

  it('lets orders wait for the open and work in order of number; immediate ones end at once', () => {
    const day = marketWith({ cash: 10_000 });
    day.close();
    expect(day.limit(0, 'buy', '1', '9.00', 'ioc')).toEqual([
      '#1 accepted 1 @ 9',
      '#1 canceled 1 @ 9 immediateRemainder',
    ]);
    expect(day.limit(0, 'buy', '1', '10.00')).toEqual(['#2 accepted 1 @ 10']);
    day.quote('9.99', 100, '10.00', 100);
    day.market(0, 'buy', '2');
    expect(day.open()).toEqual([
      '#2 working 1 @ 10',
      '#2 filled 1 @ 10 quoteTaken',
      '#3 working 2 @ market',
      '#3 filled 2 @ 10 quoteTaken',
    ]);
  });
});

describe('the outside quote', () => {
  it('gives what it displays once: the same quote shown again refills nothing', () => {
    const day = marketWith({ cash: 100_000 });
    day.quote('9.99', 300, '10.00', 100);
    expect(day.market(0, 'buy', '150')).toEqual([
      '#1 working 150 @ market',
      '#1 filled 100 @ 10 quoteTaken',
      '#1 canceled 150 @ market noLiquidity',
    ]);
    day.quote('9.99', 300, '10.00', 100);
    expect(day.market(0, 'buy', '10')).toContain('#2 canceled 10 @ market noLiquidity');
    day.quote('9.99', 300, '10.00', 130);
    expect(day.market(0, 'buy', '40')).toContain('#3 filled 30 @ 10 quoteTaken');
  });

  it('fills a resting order at its limit when the far side comes to it', () => {
    const day = marketWith({ cash: 100_000 });
    day.quote('9.98', 300, '10.00', 100);
    day.limit(0, 'buy', '150', '9.99');
    expect(day.quote('9.98', 300, '9.97', 100)).toEqual([
      '#1 filled 100 @ 9.99 quoteCrossed maker',
    ]);
    expect(day.quote('9.95', 300, '9.97', 100)).toEqual([]);
  });

  it('stands before a resting order that joined behind its size, and a trade uses it up', () => {
    const day = marketWith({ cash: 100_000 });
    day.quote('9.99', 300, '10.01', 100);
    day.limit(0, 'buy', '100', '9.99');
    expect(day.trade('9.99', 200)).toEqual([]);
    expect(day.trade('9.99', 150)).toEqual(['#1 filled 50 @ 9.99 queueReached maker']);
    expect(day.trade('9.98', 20)).toEqual(['#1 filled 20 @ 9.99 tradedThrough maker']);
    expect(day.trade('9.99', 500)).toEqual(['#1 filled 30 @ 9.99 queueReached maker']);
  });

  it('does not fill an order behind the best price whose place in the queue is unknown', () => {
    const day = marketWith({ cash: 100_000 });
    day.quote('9.99', 300, '10.01', 100);
    day.limit(0, 'buy', '100', '9.98');
    expect(day.trade('9.98', 5_000)).toEqual([]);
    day.quote('9.98', 40, '10.01', 100);
    expect(day.trade('9.98', 50)).toEqual(['#1 filled 10 @ 9.98 queueReached maker']);
  });

  it('comes after a resting order at its price that has nothing before it', () => {
    const day = marketWith({ cash: 100_000, shares: 100 }, { cash: 100_000 });
    day.quote('9.99', 300, '10.02', 100);
    day.limit(SELLER, 'sell', '10', '10.01');
    day.quote('9.99', 300, '10.01', 100);
    expect(day.limit(BUYER, 'buy', '15', '10.01', 'ioc').slice(1)).toEqual([
      '#3 filled 10 @ 10.01 order',
      '#2 filled 10 @ 10.01 order maker',
      '#3 filled 5 @ 10.01 quoteTaken',
    ]);
  });
});

describe('money and shares', () => {
  it('holds the limit of a buy, gives the better price back, and releases on cancel', () => {
    const day = marketWith({ cash: 1_000 });
    day.quote('9.99', 300, '10.00', 40);
    day.limit(0, 'buy', '100', '10.00');
    expect(day.engine.cash(0)).toBe(dollars(600));
    expect(day.engine.heldCash(0)).toBe(dollars(600));
    expect(day.limit(0, 'buy', '1', '1.00')).toEqual(['insufficient_buying_power']);
    expect(day.engine.refusedCost()).toBe(dollars(1));
    day.cancel(0, 1);
    expect(day.engine.heldCash(0)).toBe(0n);
  });

  it('refuses to sell more than is there and not held: no short, no position through zero', () => {
    const day = marketWith({ cash: 10_000, shares: 100 });
    expect(day.limit(0, 'sell', '101', '10.00')).toEqual(['insufficient_qty']);
    day.limit(0, 'sell', '60', '11.00');
    expect(day.market(0, 'sell', '41')).toEqual(['insufficient_qty']);
    expect(day.engine.position(0, 0)).toMatchObject({ qty: shares(100), held: shares(60) });
  });

  it('holds a market buy at the collar and needs a price for it', () => {
    const day = marketWith({ cash: 1_000 });
    expect(day.market(0, 'buy', '1')).toEqual(['no_price']);
    day.quote('9.99', 300, '10.00', 100);
    expect(day.market(0, 'buy', '97')).toEqual(['insufficient_buying_power']);
    expect(day.engine.refusedCost()).toBe(1_008_800_000_000n);
    expect(day.market(0, 'buy', '96')).toContain('#1 filled 96 @ 10 quoteTaken');
  });

  it('books the unit that a buyer of a fraction pays and the seller does not get', () => {
    const day = marketWith({ cash: 10_000, shares: 10 }, { cash: 100 });
    day.limit(SELLER, 'sell', '10', '10.01');
    day.limit(BUYER, 'buy', '0.333333333', '10.01', 'day');
    // 10.01 × 0.333333333 = 3.33666666333…
    expect(day.engine.cash(BUYER)).toBe(dollars(100) - 3_336_666_664n);
    expect(day.engine.cash(SELLER)).toBe(dollars(9_900) + 3_336_666_663n);
    expect(day.engine.houseCash().rounding).toBe(1n);
    expect(day.engine.verify()).toEqual([]);
  });

  it('keeps the average cost of what is left when a part is sold', () => {
    const day = marketWith({ cash: 10_000, shares: 3 });
    day.quote('20.00', 1, '20.01', 1);
    day.market(0, 'buy', '1');
    day.market(0, 'sell', '1');
    // 3 at 10.00 and 1 at 20.01 cost 50.01; a quarter of it goes.
    expect(day.engine.position(0, 0)).toMatchObject({ qty: shares(3), cost: 37_507_500_000n });
  });
});

describe('client order ids', () => {
  it('answers the same order again, and refuses the id for another order', () => {
    const day = marketWith({ cash: 1_000 });
    day.submit(0, 'buy', 'limit', 'day', '1.00', '1', 'mine');
    expect(day.submit(0, 'buy', 'limit', 'day', '1.00', '1', 'mine')).toEqual([]);
    expect(day.engine.replayed).toBe(true);
    expect(day.engine.orderCount).toBe(1);
    expect(day.submit(0, 'buy', 'limit', 'day', '1.00', '2', 'mine')).toEqual([
      'client_order_id_reused',
    ]);
    expect(day.engine.existingNumber).toBe(1);
    expect(day.engine.orderRefByClientId(0, 'mine')?.number).toBe(1);
  });

  it('belongs to one account', () => {
    const day = marketWith({ cash: 1_000 }, { cash: 1_000 });
    day.submit(0, 'buy', 'limit', 'day', '1.00', '1', 'mine');
    expect(day.submit(1, 'buy', 'limit', 'day', '1.00', '1', 'mine')).toEqual(['#2 working 1 @ 1']);
  });

  it('may be absent: such orders are never replayed, and a restored venue knows them all', () => {
    const day = marketWith({ cash: 1_000 });
    day.submit(0, 'buy', 'limit', 'day', '1.00', '1', '');
    day.submit(0, 'buy', 'limit', 'day', '1.00', '2', 'mine');
    expect(day.submit(0, 'buy', 'limit', 'day', '1.00', '1', '')).toEqual(['#3 working 1 @ 1']);
    const writer = new ByteWriter();
    day.engine.write(writer);
    const restored = MatchingEngine.read(new ByteReader(writer.finish()), new EventBuffer());
    for (const engine of [day.engine, restored]) {
      expect(engine.orderCount).toBe(3);
      expect(engine.orderRefByClientId(0, '')).toBeUndefined();
      expect(engine.orderRefByClientId(0, 'mine')).toEqual({ number: 2, slot: 2 });
      expect(engine.openOrders(0).map((order) => order.clientOrderId)).toEqual(['', 'mine', '']);
    }
  });
});

describe('cancel', () => {
  it('refuses orders of others, unknown ones and closed ones', () => {
    const day = marketWith({ cash: 1_000 }, { cash: 1_000 });
    day.limit(0, 'buy', '1', '1.00');
    const ref = day.engine.openOrders(0)[0]?.ref ?? { number: 0, slot: 0 };
    expect(day.engine.cancel(1, ref.number, ref.slot)).toBe(-14);
    expect(day.engine.cancel(0, 99, ref.slot)).toBe(-14);
    expect(day.engine.cancel(0, ref.number, ref.slot)).toBe(ref.number);
    expect(day.engine.cancel(0, ref.number, ref.slot)).toBe(-15);
    expect(day.engine.order(ref)?.status).toBe('canceled');
  });
});
