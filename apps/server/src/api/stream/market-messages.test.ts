import { decode } from '@msgpack/msgpack';
import { expect, it } from 'vitest';
import type { Price } from '@rialto/engine/values/price';
import type { Micros } from '@rialto/engine/values/time';
import type { QuoteView, TradeView } from '@rialto/engine/venue/views';
import { quoteJson } from '../alpaca/quote-json.ts';
import { tradeJson } from '../alpaca/trade-json.ts';
import { barMessage, instrumentLabel, quoteMessage, tradeMessage } from './market-messages.ts';

const label = instrumentLabel({
  symbol: 'BAC',
  name: 'Bank of America',
  id: '00000000-0000-4000-8000-000000000000',
  exchange: 'NYSE',
  fractionable: true,
  tradable: true,
});
const time = 1_381_152_600_123_456 as Micros;

const tradeView: TradeView = {
  time,
  price: 139_100 as Price,
  size: 300,
  venue: 'N',
  conditions: 1,
  position: 70_000,
};
const trade = tradeMessage(label, tradeView);
const quoteView: QuoteView = {
  time,
  bidPrice: 139_000 as Price,
  bidSize: 1_200,
  bidVenue: 'P',
  askPrice: 139_100 as Price,
  askSize: 65_536,
  askVenue: 'N',
  conditions: 1,
  position: 70_001,
};
const quote = quoteMessage(label, quoteView);
const bar = barMessage('b', label, {
  start: 1_381_152_600_000_000 as Micros,
  open: 139_000 as Price,
  high: 139_200 as Price,
  low: 138_900 as Price,
  close: 139_100 as Price,
  volume: 1_000,
  notional: 139_050_000,
  tradeCount: 7,
});

/** The payload of a short frame as hex. */
function payloadHex(frame: string): string {
  return Buffer.from(frame, 'latin1').subarray(2).toString('hex');
}

function payloadText(frame: string): string {
  return Buffer.from(frame, 'latin1')
    .subarray(frame.charCodeAt(1) === 126 ? 4 : 2)
    .toString();
}

const TIME_EXT = 'd7ff1d6f28005252b758';

it('a trade in MessagePack is exactly these bytes', () => {
  expect(payloadHex(trade('msgpack'))).toBe(
    [
      '91', // array of one
      '89', // map of nine
      'a154a174', // T: t, first
      'a153a3424143', // S: BAC
      'a169ce00011170', // i: 70000 as uint 32
      'a178a14e', // x: N
      'a170cb402bd1eb851eb852', // p: 13.91 as float 64
      'a173cd012c', // s: 300 as uint 16
      'a16391a140', // c: ["@"]
      'a17aa141', // z: A
      `a174${TIME_EXT}`, // t: extension -1, 30 bits of nanoseconds, 34 of seconds
    ].join(''),
  );
});

it('a quote in MessagePack is exactly these bytes', () => {
  expect(payloadHex(quote('msgpack'))).toBe(
    [
      '918b',
      'a154a171',
      'a153a3424143',
      'a26278a150',
      'a26270cb402bcccccccccccd',
      'a26273cd04b0',
      'a26178a14e',
      'a26170cb402bd1eb851eb852',
      'a26173ce00010000',
      'a16391a152',
      'a17aa141',
      `a174${TIME_EXT}`,
    ].join(''),
  );
});

it('a bar in MessagePack reads back with the numbers of REST', () => {
  const [decoded] = decode(Buffer.from(payloadHex(bar('msgpack')), 'hex')) as [object];
  expect(Object.entries(decoded)).toEqual([
    ['T', 'b'],
    ['S', 'BAC'],
    ['o', 13.9],
    ['h', 13.92],
    ['l', 13.89],
    ['c', 13.91],
    ['v', 1_000],
    ['n', 7],
    ['vw', 13.905],
    ['t', new Date('2013-10-07T13:30:00Z')],
  ]);
});

it('messages in JSON are arrays of one object with T first', () => {
  expect(payloadText(trade('json'))).toBe(
    '[{"T":"t","S":"BAC","i":70000,"x":"N","p":13.91,"s":300,"c":["@"],"z":"A",' +
      '"t":"2013-10-07T13:30:00.123456Z"}]',
  );
  expect(payloadText(quote('json'))).toBe(
    '[{"T":"q","S":"BAC","bx":"P","bp":13.9,"bs":1200,"ax":"N","ap":13.91,"as":65536,' +
      '"c":["R"],"z":"A","t":"2013-10-07T13:30:00.123456Z"}]',
  );
  expect(JSON.parse(payloadText(bar('json')))).toEqual([
    {
      T: 'b',
      S: 'BAC',
      t: '2013-10-07T13:30:00Z',
      o: 13.9,
      h: 13.92,
      l: 13.89,
      c: 13.91,
      v: 1_000,
      n: 7,
      vw: 13.905,
    },
  ]);
});

it('trades and quotes have the fields of REST', () => {
  expect(JSON.parse(payloadText(trade('json')))).toEqual([
    { T: 't', S: 'BAC', ...tradeJson(tradeView, 'A') },
  ]);
  expect(JSON.parse(payloadText(quote('json')))).toEqual([
    { T: 'q', S: 'BAC', ...quoteJson(quoteView, 'A') },
  ]);
});
