/** Bodies that are no JSON, too large, too deep, packed or of another type; and the clock's fields. */
import { gzipSync } from 'node:zlib';
import {
  commonError,
  type Expected,
  fieldInvalid,
  problem,
  surfaceOf,
  tradingError,
} from './expected.ts';
import type { HttpCase } from './http-case.ts';
import { isOpen, type Operation, pathOf, type Target } from './operations.ts';
import type { Random } from './random.ts';

const JSON_TYPE = 'application/json';
const BODY_BYTES_MAX = 256 * 1024;
const ORDER = '{"symbol":"BAC","qty":"1","side":"buy","type":"limit","limit_price":"1"}';
const CUTS = 24;

/** Texts that no strict reader of JSON takes. */
const NO_JSON: readonly (string | Uint8Array)[] = [
  ...['{', '[', '}', '"', '{"a":', '{"a":1', '{"a"}', 'nul', 'tru', 'undefined', 'NaN', '-', '+1'],
  ...['{"qty":NaN}', '{"qty":Infinity}', '{"qty":-Infinity}', '{"qty":0x10}', '{"qty":01}'],
  ...['{"qty":1.}', '{"qty":.5}', '{"qty":1e}', "{'a':1}", '{a:1}', '{"a":1,}', '[1,]', '{"a":1}}'],
  ...['{"a":1}{"b":2}', '{"a":1} x', '\ufeff{}', '/* */{}', '{"a":"\n"}', '{"a":"\\x41"}', '\0{}'],
  ...['{"a":"\\ud800', '<order/>', 'a=b&c=d', '--x\r\n\r\n{}\r\n--x--', '   ', '\u00a0{}'],
  ...['{"side":"buy","side":"sell"}', '{"a":{"b":1,"b":1}}', '{"a":1,"\\u0061":2}'],
  ...['{"__proto__":{"admin":true}}', '{"\\u005f_proto__":1}', '{"a":{"__proto__":1}}'],
  ...['{"constructor":{"prototype":{"admin":true}}}', '[{"__proto__":[]}]'],
  ...['['.repeat(33) + ']'.repeat(33), '{"a":'.repeat(33) + '1' + '}'.repeat(33)],
  ...['['.repeat(100_000), '{"a":'.repeat(40_000), ' '.repeat(BODY_BYTES_MAX)],
  Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  Buffer.from('{"a":1}', 'utf16le'),
  Buffer.from([0xc0, 0x80]),
  Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]),
  gzipSync('{}'),
];

const OTHER_TYPES = [
  ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'],
  ...[
    'application/xml',
    'text/html',
    'application/jsonx',
    'application/octet-stream',
    'a/json',
    '*/*',
  ],
];

/** All cases of bodies, for every route that may get one. */
export function bodyCases(target: Target, random: Random): readonly HttpCase[] {
  return target.operations
    .filter((operation) => operation.method !== 'GET' && !isOpen(operation))
    .flatMap((operation) => [
      ...noJson(operation, target, random),
      ...wrongTypes(operation, target),
      ...wrongSizes(operation, target),
      ...(operation.template.endsWith('/clock') ? clockFields(operation, target) : []),
      ...(operation.template.endsWith('/restart') ? restartFields(operation, target) : []),
    ]);
}

function bodyCase(
  operation: Operation,
  target: Target,
  sent: {
    readonly label: string;
    readonly body: string | Uint8Array;
    readonly headers?: Readonly<Record<string, string>>;
    readonly chunked?: boolean;
  },
  expected: Expected,
): HttpCase {
  const { label, body, headers, chunked = false } = sent;
  return {
    label,
    request: {
      method: operation.method,
      path: pathOf(operation.template, target),
      headers: { ...target.key, 'content-type': JSON_TYPE, ...headers },
      ...{ body, chunked },
    },
    expected,
  };
}

function noJson(operation: Operation, target: Target, random: Random): readonly HttpCase[] {
  const cuts = Array.from({ length: CUTS }, () =>
    ORDER.slice(0, 1 + random.below(ORDER.length - 1)),
  );
  const noise = Array.from({ length: CUTS }, () =>
    Buffer.concat([Buffer.from('{'), random.bytes(1 + random.below(60))]),
  );
  const expected = commonError(operation.template, 'body_invalid');
  return [...NO_JSON, ...cuts, ...noise].map((body) =>
    bodyCase(operation, target, { label: 'no JSON', body }, expected),
  );
}

/** The platform insists on JSON; trading routes read JSON whatever type is announced. */
function wrongTypes(operation: Operation, target: Target): readonly HttpCase[] {
  const refused = commonError(operation.template, 'media_type_unsupported');
  const packed = ['gzip', 'br', 'deflate', 'compress', 'x-gzip', 'gzip, identity'].map((encoding) =>
    bodyCase(
      operation,
      target,
      { label: 'packed body', body: gzipSync(ORDER), headers: { 'content-encoding': encoding } },
      refused,
    ),
  );
  const isPlatform = surfaceOf(operation.template) === 'platform';
  const expected = isPlatform ? refused : commonError(operation.template, 'body_invalid');
  const typed = OTHER_TYPES.map((type) =>
    bodyCase(
      operation,
      target,
      { label: `type ${type}`, body: '{"a":', headers: { 'content-type': type } },
      expected,
    ),
  );
  return [...packed, ...typed];
}

function wrongSizes(operation: Operation, target: Target): readonly HttpCase[] {
  const expected = commonError(operation.template, 'body_too_large');
  const large = ' '.repeat(BODY_BYTES_MAX + 1);
  return [
    bodyCase(operation, target, { label: 'oversize', body: large }, expected),
    bodyCase(operation, target, { label: 'oversize', body: large, chunked: true }, expected),
  ];
}

function clockFields(operation: Operation, target: Target): readonly HttpCase[] {
  const cases: readonly (readonly [string, string, string])[] = [
    ['{}', 'body', 'must NOT have fewer than 1 properties'],
    ['null', 'body', 'must be object'],
    ['[]', 'body', 'must be object'],
    ['1', 'body', 'must be object'],
    ['"paused"', 'body', 'must be object'],
    ['{"speed":"1"}', 'body/speed', 'must be number'],
    ['{"speed":null}', 'body/speed', 'must be number'],
    ['{"speed":[1]}', 'body/speed', 'must be number'],
    ['{"speed":true}', 'body/speed', 'must be number'],
    ['{"speed":-1}', 'body/speed', 'must be >= 0'],
    ['{"speed":-1e-300}', 'body/speed', 'must be >= 0'],
    ['{"speed":-1e400}', 'body/speed', 'must be number'],
    ['{"speed":1e400}', 'body/speed', 'must be number'],
    ['{"speed":10000.0001}', 'body/speed', 'must be <= 10000'],
    ['{"speed":9007199254740993}', 'body/speed', 'must be <= 10000'],
    ['{"paused":"true"}', 'body/paused', 'must be boolean'],
    ['{"paused":1}', 'body/paused', 'must be boolean'],
    ['{"paused":null}', 'body/paused', 'must be boolean'],
    ['{"paused":true,"status":"running"}', 'body', 'must NOT have additional properties'],
    ['{"account_id":1,"role":"admin"}', 'body', 'must NOT have additional properties'],
    ['{"Paused":true}', 'body', 'must NOT have additional properties'],
  ];
  return cases.map(([body, pointer, reason]) =>
    bodyCase(operation, target, { label: body, body }, fieldInvalid(pointer, reason)),
  );
}

function restartFields(operation: Operation, target: Target): readonly HttpCase[] {
  const fields: readonly (readonly [string, string, string])[] = [
    ['[]', 'body', 'must be object'],
    ['"now"', 'body', 'must be object'],
    ['{"at":1}', 'body/at', 'must be string'],
    ['{"at":null}', 'body/at', 'must be string'],
    ['{"speed":"fast"}', 'body/speed', 'must be number'],
    ['{"speed":-1}', 'body/speed', 'must be >= 0'],
    ['{"speed":1e400}', 'body/speed', 'must be number'],
    ['{"paused":0}', 'body/paused', 'must be boolean'],
    ['{"venue":"x"}', 'body', 'must NOT have additional properties'],
  ];
  const outside = ['1970-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '2013-10-08T13:30:00Z'];
  return [
    ...fields.map(([body, pointer, reason]) =>
      bodyCase(operation, target, { label: body, body }, fieldInvalid(pointer, reason)),
    ),
    ...outside.map((at) =>
      bodyCase(
        operation,
        target,
        { label: `restart at ${at}`, body: JSON.stringify({ at }) },
        problem('seek_outside_recording'),
      ),
    ),
  ];
}

/** Bodies of an order that are JSON and no object. */
export function noOrderCases(target: Target): readonly HttpCase[] {
  const bodies = ['null', '1', '"x"', '[]', '[{"symbol":"BAC"}]', 'true', '-0', '1e400', ''];
  return bodies.map((body) => ({
    label: `order ${body}`,
    request: {
      ...{ method: 'POST', path: '/v2/orders', body },
      headers: { ...target.key, 'content-type': JSON_TYPE },
    },
    expected: tradingError('body_invalid'),
  }));
}
