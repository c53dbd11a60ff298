/**
 * Orders with bad fields: each field by itself, and pairs of bad fields, where the one that is
 * looked at first is answered.
 */
import { type Expected, quoted, tradingError } from './expected.ts';
import type { HttpCase } from './http-case.ts';
import type { Target } from './operations.ts';
import { HOSTILE_TEXTS, type Random } from './random.ts';

/** Changes to a good order. Values are JSON text; undefined leaves the field out. */
type Patch = Readonly<Record<string, string | undefined>>;

interface BadField {
  /** The order in which fields are looked at. */
  readonly stage: number;
  readonly patch: Patch;
  readonly expected: Expected;
  /** What is wrong here depends on other fields: never combined. */
  readonly alone?: boolean;
}

/** Far below the market, so that nothing would be filled if an order came through. */
const GOOD: Patch = {
  symbol: '"BAC"',
  side: '"buy"',
  type: '"limit"',
  time_in_force: '"gtc"',
  qty: '"1"',
  limit_price: '"1.23"',
};

/** JSON values of no type that a decimal has, or that no double can hold. */
const NO_DECIMALS = [
  ...['true', '[]', '[1]', '{}', '{"a":1}', '1e400', '-1e400', '9007199254740993', '1e13', '1e-13'],
  ...['"NaN"', '"Infinity"', '"1e400"', '"1e3"', '"0x10"', '" 1 "', '"+1"', '"1."', '".5"'],
  ...['"1,000"', '"\u0661"', '"1_000"', '"abc"', `"${'9'.repeat(25)}"`, '"1 "', '"--1"', '"1n"'],
];
const NO_TEXTS = ['1', 'true', '[]', '["BAC"]', '{}', '0', 'false', '{"toString":1}'];
const NO_WORDS = [
  '""',
  'null',
  '1',
  'true',
  '[]',
  '["buy"]',
  '{}',
  '"BUY"',
  '" buy"',
  '"__proto__"',
];
const PAIRS = 500;

const SYMBOL = 0;
const SIDE = 1;
const TYPE = 2;
const TIME = 3;
const CLASS = 4;
const UNSUPPORTED = 5;
const QTY = 7;
const LIMIT = 8;
const INTENT = 10;
const CLIENT_ID = 11;
const ENGINE = 12;

/** All cases. */
export function orderCases(target: Target, random: Random): readonly HttpCase[] {
  const fields = [
    ...symbolFields(random),
    ...wordFields(),
    ...qtyFields(),
    ...priceFields(),
    ...otherFields(),
    ...engineRefusals(target),
  ];
  return [
    ...fields.map(({ patch, expected }) => orderCase(target, { ...GOOD, ...patch }, expected)),
    ...pairs(fields, target, random),
  ];
}

function orderCase(target: Target, fields: Patch, expected: Expected): HttpCase {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const body = `{${given.map(([name, value]) => `"${name}":${value ?? ''}`).join(',')}}`;
  return {
    label: `order ${body.slice(0, 200)}`,
    request: {
      ...{ method: 'POST', path: '/v2/orders', body },
      headers: { ...target.key, 'content-type': 'application/json' },
    },
    expected,
  };
}

/** Two bad fields in shuffled order, with fields that nobody knows beside them. */
function pairs(fields: readonly BadField[], target: Target, random: Random): readonly HttpCase[] {
  const combined = fields.filter(({ alone }) => alone !== true);
  return Array.from({ length: PAIRS }, () => {
    const a = random.pick(combined);
    const b = random.pick(combined.filter((one) => isApart(one, a)));
    const first = a.stage < b.stage ? a : b;
    const noise = { [`"${random.below(1_000)}`.slice(1)]: '{"role":"admin"}', balance: '1e400' };
    const all = { ...noise, ...GOOD, ...a.patch, ...b.patch };
    const shuffled = Object.entries(all).toSorted(() => random.below(3) - 1);
    return orderCase(target, Object.fromEntries(shuffled), first.expected);
  });
}

function isApart(a: BadField, b: BadField): boolean {
  return a.stage !== b.stage && !Object.keys(a.patch).some((name) => name in b.patch);
}

function malformed(field: string): Expected {
  return tradingError('body_invalid', {}, { field });
}

function each(
  stage: number,
  name: string,
  values: readonly (string | undefined)[],
  expected: Expected,
): readonly BadField[] {
  return values.map((value) => ({ stage, patch: { [name]: value }, expected }));
}

function symbolFields(random: Random): readonly BadField[] {
  const random20 = Array.from({ length: 20 }, () => random.text());
  const unknown = [...HOSTILE_TEXTS, ...random20, 'ZZZZ', 'BAC ', 'BAC\n', 'x'.repeat(10_000)];
  return [
    ...each(SYMBOL, 'symbol', [undefined, 'null', '""'], tradingError('symbol_required')),
    ...each(SYMBOL, 'symbol', NO_TEXTS, malformed('symbol')),
    ...unknown.map((symbol) => ({
      stage: ENGINE,
      patch: { symbol: JSON.stringify(symbol) },
      expected: tradingError('order_asset_not_found', { symbol: quoted(symbol) }),
    })),
  ];
}

function wordFields(): readonly BadField[] {
  const unsupported = (stage: number, name: string, label: string, words: readonly string[]) =>
    words.map((word) => ({
      stage,
      patch: { [name]: `"${word}"` },
      expected: tradingError('field_unsupported', { field: `${label} "${word}"` }),
    }));
  const classes = ['"simpel"', '"OCO"', '" "', '"__proto__"'];
  return [
    ...each(SIDE, 'side', [undefined, ...NO_WORDS], tradingError('side_invalid')),
    ...each(TYPE, 'type', [undefined, ...NO_WORDS], tradingError('order_type_invalid')),
    ...unsupported(TYPE, 'type', 'order type', ['stop', 'stop_limit', 'trailing_stop']),
    ...each(TIME, 'time_in_force', [undefined, ...NO_WORDS], tradingError('time_in_force_invalid')),
    ...unsupported(TIME, 'time_in_force', 'time_in_force', ['opg', 'cls']),
    ...each(CLASS, 'order_class', NO_TEXTS, malformed('order_class')),
    ...each(CLASS, 'order_class', classes, tradingError('order_class_invalid')),
    ...unsupported(CLASS, 'order_class', 'order class', ['bracket', 'oco', 'oto', 'mleg']),
  ];
}

function qtyFields(): readonly BadField[] {
  const notPositive = ['"0"', '"-1"', '"-0"', '0', '-1', '-0', '"0.000"', '"-0.5"', '-1e12'];
  const tooLarge = [
    '"2000000001"',
    '2000000001',
    '"9007199254740993"',
    '1e12',
    `"${'9'.repeat(24)}"`,
  ];
  const tooPrecise = ['"0.0000000001"', '1e-10', '"1.0000000001"', '0.12345678901'];
  return [
    ...each(QTY, 'qty', [undefined, 'null', '""'], tradingError('qty_required')),
    ...each(QTY, 'qty', NO_DECIMALS, malformed('qty')),
    ...each(QTY, 'notional', NO_DECIMALS, malformed('notional')),
    ...each(QTY, 'notional', ['"1"', '100', '"-1"'], tradingError('qty_and_notional')),
    ...each(QTY, 'qty', notPositive, tradingError('qty_not_positive')),
    ...each(QTY, 'qty', tooLarge, tradingError('qty_too_large')),
    ...each(QTY, 'qty', tooPrecise, tradingError('qty_too_precise')),
    {
      stage: QTY,
      patch: { qty: undefined, notional: '"100"' },
      expected: tradingError('field_unsupported', { field: 'notional' }),
    },
    ...['"gtc"', '"ioc"', '"fok"'].map((time) => ({
      stage: LIMIT + 1,
      patch: { qty: '"1.5"', time_in_force: time },
      expected: tradingError('fractional_not_day'),
      alone: true,
    })),
  ];
}

function priceFields(): readonly BadField[] {
  const missing = tradingError('limit_price_required');
  const notPositive = ['"0"', '"-1"', '"-0"', '0', '-1', '-0', '"0.00"', '"-0.001"'];
  const tooHigh = ['"214748.37"', '"1000000"', '1e12', '"9007199254740993"', '214749'];
  const subPenny = ['10.001', '1.2345', '0.12345', '214748.3647', '1.00000000001'];
  const market = { type: '"market"', limit_price: undefined };
  const given = tradingError('market_price_given');
  return [
    ...each(LIMIT, 'limit_price', [undefined, 'null', '""'], missing),
    ...each(LIMIT, 'limit_price', NO_DECIMALS, malformed('limit_price')),
    ...each(LIMIT, 'limit_price', notPositive, tradingError('limit_price_not_positive')),
    ...each(LIMIT, 'limit_price', tooHigh, tradingError('limit_price_too_high')),
    ...subPenny.map((price) => ({
      stage: LIMIT,
      patch: { limit_price: `"${price}"` },
      expected: tradingError('sub_penny', { price }),
    })),
    ...NO_DECIMALS.map((value) => ({
      stage: LIMIT,
      patch: { stop_price: value },
      expected: malformed('stop_price'),
      alone: true,
    })),
    ...['"1"', '1', '"-1"'].flatMap((value) => [
      {
        ...{ stage: LIMIT, patch: { stop_price: value }, alone: true },
        expected: tradingError('stop_price_given'),
      },
      { stage: LIMIT, patch: { ...market, limit_price: value }, expected: given, alone: true },
      { stage: LIMIT, patch: { ...market, stop_price: value }, expected: given, alone: true },
    ]),
  ];
}

function otherFields(): readonly BadField[] {
  const names = ['trail_price', 'trail_percent', 'take_profit', 'stop_loss', 'legs'];
  const intents = ['sell_to_close', 'buy_to_close', 'sell_to_open', 'BUY_TO_OPEN', 'x'.repeat(60)];
  const tooLong = ['y'.repeat(129), '😀'.repeat(129), 'z'.repeat(10_000)].map((id) =>
    JSON.stringify(id),
  );
  const noText = ['"a\\u0000b"', '"\\n"', '"\\u007f"', '"\\ud800"', '"\\udc00x"', '"a\\u0085"'];
  return [
    ...names.flatMap((name) =>
      ['"1"', '1', '{}', '[]', 'false'].map((value) => ({
        stage: UNSUPPORTED,
        patch: { [name]: value },
        expected: tradingError('field_unsupported', { field: name }),
        alone: true,
      })),
    ),
    ...['true', '"true"'].map((value) => ({
      stage: UNSUPPORTED + 1,
      patch: { extended_hours: value },
      expected: tradingError('field_unsupported', { field: 'extended_hours' }),
    })),
    ...each(INTENT, 'position_intent', NO_TEXTS, malformed('position_intent')),
    ...intents.map((specified) => ({
      stage: INTENT,
      patch: { position_intent: `"${specified}"` },
      expected: tradingError('position_intent_mismatch', {
        inferred: 'buy_to_open',
        specified: quoted(specified),
      }),
    })),
    ...each(CLIENT_ID, 'client_order_id', NO_TEXTS, malformed('client_order_id')),
    ...each(CLIENT_ID, 'client_order_id', tooLong, tradingError('client_order_id_too_long')),
    ...each(CLIENT_ID, 'client_order_id', noText, tradingError('client_order_id_invalid')),
  ];
}

/** What only the state machine can refuse: these commands reach the log and change nothing. */
function engineRefusals(target: Target): readonly BadField[] {
  const id = JSON.stringify(target.clientOrderId);
  const poor = ['2000000000', '1000000'].map((qty) => ({
    stage: ENGINE,
    patch: { qty: `"${qty}"`, limit_price: '"200"' },
    expected: tradingError(
      'insufficient_buying_power',
      {},
      { buying_power: target.buyingPower, cost_basis: String(BigInt(qty) * 200n) },
    ),
    alone: true,
  }));
  const short = ['1', '2000000000'].map((requested) => ({
    stage: ENGINE,
    patch: { symbol: '"AIG"', side: '"sell"', qty: `"${requested}"`, limit_price: '"200"' },
    expected: tradingError(
      'insufficient_qty',
      { requested, available: '0' },
      {
        ...{ available: '0', existing_qty: '0', held_for_orders: '0' },
        ...{ related_orders: [], symbol: 'AIG' },
      },
    ),
    alone: true,
  }));
  const reused = [{ qty: '"2"' }, { limit_price: '"1.24"' }, { symbol: '"AIG"' }].map((patch) => ({
    stage: ENGINE,
    patch: { ...patch, client_order_id: id },
    expected: tradingError('client_order_id_reused'),
    alone: true,
  }));
  return [...poor, ...short, ...reused];
}
