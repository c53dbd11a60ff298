/** Bad values for every blank of a path and every query parameter of every operation. */
import {
  commonError,
  dataError,
  type Expected,
  fieldInvalid,
  problem,
  quoted,
  surfaceOf,
  tradingError,
  type Values,
} from './expected.ts';
import type { HttpCase } from './http-case.ts';
import { blankOf, type Operation, pathOf, requiredQuery, type Target } from './operations.ts';
import { HOSTILE_TEXTS, type Random } from './random.ts';

/** What a parameter must be answered with for a value; undefined when the value is fine. */
type Judge = (value: string) => Expected | undefined;

const RANDOM_EACH = 4;
const SYMBOL = /^[A-Z][A-Z0-9]{0,9}(?:[./-][A-Z0-9]{1,6})?$/;

/** All cases. Throws when an operation has a parameter that nothing is known about. */
export function parameterCases(target: Target, random: Random): readonly HttpCase[] {
  return target.operations.flatMap((operation) => [
    ...inPath(operation, target, random),
    ...operation.query.flatMap((name) => inQuery(operation, name, target, random)),
    ...combinations(operation, target),
  ]);
}

function textsOf(random: Random): readonly string[] {
  return [...HOSTILE_TEXTS, ...Array.from({ length: RANDOM_EACH }, () => random.text())];
}

function inPath(operation: Operation, target: Target, random: Random): readonly HttpCase[] {
  const { template, method } = operation;
  const blank = blankOf(template);
  if (blank === undefined) return [];
  const judge = judgeOfBlank(template, blank);
  const query = new URLSearchParams(requiredQuery(operation)).toString();
  const body =
    method !== 'POST' ? {} : { body: template.endsWith('clock') ? '{"paused":true}' : '{}' };
  return [...textsOf(random), 'x'.repeat(201), 'x'.repeat(5_000)].flatMap((value) => {
    const expected = value.length > 200 ? commonError(template, 'url_too_long') : judge(value);
    if (expected === undefined) return [];
    const path = `${pathOf(template, target, value)}${query === '' ? '' : `?${query}`}`;
    const headers = { ...target.key, 'content-type': 'application/json' };
    return [{ label: `{${blank}}`, request: { method, path, headers, ...body }, expected }];
  });
}

function judgeOfBlank(template: string, blank: string): Judge {
  if (blank === 'order_id') return (id) => tradingError('order_not_found', { id: quoted(id) });
  if (blank === 'symbol') {
    return (symbol) =>
      SYMBOL.test(symbol) ? undefined : dataError('symbol_invalid', { symbol: quoted(symbol) });
  }
  if (blank === 'id') {
    return (id) =>
      id.length > 100
        ? fieldInvalid('params/id', 'must NOT have more than 100 characters')
        : problem('venue_unknown');
  }
  if (blank === 'market') return parameterInvalid('market');
  if (template.startsWith('/v2/positions')) return () => tradingError('position_not_found');
  return (symbol) => tradingError('asset_not_found', { symbol: quoted(symbol) });
}

function inQuery(
  operation: Operation,
  name: string,
  target: Target,
  random: Random,
): readonly HttpCase[] {
  const judge = judgeOf(operation, name);
  const values = [...(EXTRA[name] ?? []), ...(DANGEROUS.has(name) ? [] : textsOf(random))];
  const cases = values.flatMap((value) => {
    const expected = value === '' ? undefined : judge(value);
    return expected === undefined ? [] : [queryCase(operation, target, [[name, value]], expected)];
  });
  const twice = queryCase(
    operation,
    target,
    [
      [name, 'a'],
      [name, 'b'],
    ],
    givenTwice(operation, name),
  );
  return [...cases, twice];
}

/** Values of their own that a parameter gets besides the hostile texts. */
const EXTRA: Readonly<Record<string, readonly string[]>> = {
  limit: ['501', '10001', '51', '201', '999', '1000', '100000000000000000000'],
  timeframe: ['0Min', '60Min', '24Hour', '2Day', '5Month', '1min', 'Min', '-1Min', '1Year', '1.5H'],
  page_token: ['AIG|1|1', 'BAC|x|1', 'BAC|1', 'BAC|-1|1', '|1|1', 'BAC|9999999999999999|1'].map(
    (text) => Buffer.from(text).toString('base64url'),
  ),
  symbols: [',', 'bac,BAC', 'BAC,AIG,ZZ ZZ', 'X'.repeat(40), manySymbols(501)],
  attributes: [manySymbols(21)],
  qty: ['0', '-1', '-0', '0.0000000001', '2000000001', '9007199254740993', '1e3', '0x10', 'NaN'],
  percentage: ['0', '-1', '100.0000001', '101', '1e1', 'NaN', '9007199254740993', '0.00000001'],
  cursor: ['x'.repeat(101), '01', '1'.repeat(16), '-5', 'a6fd0a4a-df77-4c23-b3f4-c226d3594b6'],
  client_order_id: ['y'.repeat(129), '😀'.repeat(129), 'a\u0007b', '\n'],
};

/** Parameters of which some hostile texts are good values of a request that sells shares. */
const DANGEROUS: ReadonlySet<string> = new Set(['qty', 'percentage']);

function manySymbols(count: number): string {
  return Array.from({ length: count }, (_, k) => `A${k}`).join(',');
}

function judgeOf(operation: Operation, name: string): Judge {
  const surface = surfaceOf(operation.template);
  const judges = surface === 'platform' ? platformJudges(operation) : undefined;
  const judge = judges?.[name] ?? (surface === 'data' ? DATA[name] : tradingJudge(operation, name));
  if (judge === undefined) {
    throw new Error(`${operation.method} ${operation.template}: no cases for ?${name}`);
  }
  return judge;
}

function parameterInvalid(name: string): Judge {
  return (value) => tradingError('parameter_invalid', { name, value: value.slice(0, 40) });
}

function unless(isGood: (value: string) => boolean, judge: Judge): Judge {
  return (value) => (isGood(value) ? undefined : judge(value));
}

function oneOf(name: string, ...words: readonly string[]): Judge {
  return unless((value) => words.includes(value), parameterInvalid(name));
}

function isFlag(value: string): boolean {
  return ['true', 'false', '0', '1'].includes(value.toLowerCase());
}

function isCount(value: string, max: number): boolean {
  return /^\d{1,9}$/.test(value) && Number(value) >= 1 && Number(value) <= max;
}

function listLength(value: string): number {
  return value.split(',').filter((word) => word.trim() !== '').length;
}

/** None of the texts is an instant, a date or the id of an order. */
const TRADING: Readonly<Record<string, Judge>> = {
  limit: unless((value) => isCount(value, 500), parameterInvalid('limit')),
  after: parameterInvalid('after'),
  until: parameterInvalid('until'),
  start: parameterInvalid('start'),
  end: parameterInvalid('end'),
  time: parameterInvalid('time'),
  timezone: oneOf('timezone', 'UTC'),
  markets: unless((value) => listLength(value) === 0, parameterInvalid('markets')),
  direction: oneOf('direction', 'asc', 'desc'),
  side: oneOf('side', 'buy', 'sell'),
  asset_class: oneOf('asset_class', 'us_equity'),
  exchange: oneOf('exchange', 'AMEX', 'ARCA', 'BATS', 'NYSE', 'NASDAQ', 'NYSEARCA', 'OTC'),
  date_type: oneOf('date_type', 'TRADING'),
  before_order_id: parameterInvalid('before_order_id'),
  after_order_id: parameterInvalid('after_order_id'),
  nested: unless(isFlag, parameterInvalid('nested')),
  cancel_orders: unless(isFlag, parameterInvalid('cancel_orders')),
  symbols: unless((value) => listLength(value) <= 500, parameterInvalid('symbols')),
  attributes: unless((value) => listLength(value) <= 20, parameterInvalid('attributes')),
  client_order_id: (id) => {
    if (Array.from(id).length > 128) return tradingError('client_order_id_too_long');
    if (/\p{Cc}/u.test(id)) return tradingError('client_order_id_invalid');
    return tradingError('order_not_found', { id: quoted(id) });
  },
  qty: (value) => {
    if (!/^-?\d+(\.\d+)?$/.test(value)) return parameterInvalid('qty')(value);
    if (/\.\d{10}/.test(value)) return tradingError('qty_too_precise');
    return tradingError(Number(value) > 0 ? 'qty_too_large' : 'qty_not_positive');
  },
  percentage: (value) =>
    /^-?\d+(\.\d+)?$/.test(value)
      ? tradingError('percentage_invalid')
      : parameterInvalid('percentage')(value),
};

function tradingJudge({ template }: Operation, name: string): Judge | undefined {
  if (name !== 'status') return TRADING[name];
  return template === '/v2/assets'
    ? oneOf('status', 'active', 'inactive', 'all')
    : oneOf('status', 'open', 'closed', 'all');
}

function dataInvalid(name: string): Judge {
  return (value) => dataError('data_parameter_invalid', { name, value: value.slice(0, 40) });
}

const DATA: Readonly<Record<string, Judge>> = {
  symbols: (value) => {
    const words = value.split(',').filter((word) => word !== '');
    if (words.length === 0) return dataError('symbols_required');
    if (words.length > 500) return dataError('too_many_symbols', { limit: 500 });
    const bad = words.find((word) => !SYMBOL.test(word));
    return bad === undefined ? undefined : dataError('symbol_invalid', { symbol: quoted(bad) });
  },
  timeframe: (value) => dataError('timeframe_invalid', { value: quoted(value) }),
  adjustment: dataInvalid('adjustment'),
  start: dataInvalid('start'),
  end: dataInvalid('end'),
  limit: unless(
    (value) => /^\d{1,6}$/.test(value) && isCount(value, 10_000),
    (value) => dataError('limit_invalid', { value: quoted(value), limit: 10_000 }),
  ),
  sort: dataInvalid('sort'),
  page_token: () => dataError('page_token_invalid'),
  feed: dataInvalid('feed'),
  asof: unless((value) => value === '-', dataInvalid('asof')),
  currency: dataInvalid('currency'),
};

function platformJudges({ template }: Operation): Readonly<Record<string, Judge>> {
  const max = template === '/api/v1/fills' ? 200 : 50;
  return {
    limit: (value) => {
      if (!/^\d{1,3}$/.test(value)) {
        return fieldInvalid('querystring/limit', 'must match pattern "^\\d{1,3}$"');
      }
      const isIn = Number(value) >= 1 && Number(value) <= max;
      return isIn ? undefined : fieldInvalid('querystring/limit', `must be between 1 and ${max}`);
    },
    cursor: (value) => {
      if (Array.from(value).length > 100) {
        return fieldInvalid('querystring/cursor', 'must NOT have more than 100 characters');
      }
      // On fills a cursor is an event number; any number of that form is taken.
      const isCursor = template === '/api/v1/fills' && /^[1-9]\d{0,14}$/.test(value);
      return isCursor ? undefined : problem('cursor_invalid');
    },
  };
}

function givenTwice({ template }: Operation, name: string): Expected {
  const values: Values = { name, value: 'a,b' };
  const surface = surfaceOf(template);
  if (surface === 'platform') return fieldInvalid(`querystring/${name}`, 'must be string');
  return surface === 'data'
    ? dataError('data_parameter_invalid', values)
    : tradingError('parameter_invalid', values);
}

function queryCase(
  operation: Operation,
  target: Target,
  given: readonly (readonly [string, string])[],
  expected: Expected,
): HttpCase {
  const query = new URLSearchParams(requiredQuery(operation));
  for (const [name] of given) query.delete(name);
  for (const [name, value] of given) query.append(name, value);
  return {
    label: `?${given.map(([name]) => name).join('&')}`,
    request: {
      method: operation.method,
      path: `${pathOf(operation.template, target)}?${query.toString()}`,
      headers: target.key,
    },
    expected,
  };
}

/** Parameters that are good alone and bad together, missing ones, and ten thousand of them. */
function combinations(operation: Operation, target: Target): readonly HttpCase[] {
  const { template, query } = operation;
  const surface = surfaceOf(template);
  const cases: HttpCase[] = [];
  const add = (given: readonly (readonly [string, string])[], expected: Expected): void => {
    cases.push(queryCase(operation, target, given, expected));
  };
  if (surface === 'data' && query.includes('start')) {
    const invalid = dataError('range_invalid');
    add(
      [
        ['start', '2013-10-07'],
        ['end', '2013-10-06'],
      ],
      invalid,
    );
    add(
      [
        ['start', '2013-10-07T14:00:00Z'],
        ['end', '2013-10-07T13:59:59.999999Z'],
      ],
      invalid,
    );
    add(
      [
        ['start', '9999-12-31'],
        ['end', '1000-01-01'],
      ],
      invalid,
    );
  }
  if (query.includes('symbols') && surface === 'data') {
    add([['symbols', '']], dataError('symbols_required'));
  }
  if (query.includes('timeframe'))
    add([['timeframe', '']], dataError('timeframe_invalid', { value: '' }));
  if (query.includes('percentage')) {
    add(
      [
        ['qty', '1'],
        ['percentage', '1'],
      ],
      tradingError('qty_and_percentage'),
    );
  }
  if (query.includes('client_order_id')) {
    add([['client_order_id', '']], tradingError('client_order_id_missing'));
  }
  if (surface === 'platform' && query.length > 0) {
    const extra = fieldInvalid('querystring', 'must NOT have additional properties');
    add([['nope', '1']], extra);
    add([['__proto__', '1']], extra);
  }
  return cases;
}
