/**
 * Bad messages and broken frames on every socket.
 *
 * Messages that leave a connection open are sent one after the other on one connection, each
 * answered before the next; whatever closes a connection gets one of its own. A witness on each
 * path lives through all of it.
 */
import {
  MARKET_DATA_ERRORS,
  type MarketDataErrorCode,
} from '../../apps/server/src/api/stream/market-data-errors.ts';
import type { Target } from './operations.ts';
import { HOSTILE_TEXTS, type Random } from './random.ts';
import { type FrameSpec, RawSocket } from './socket-client.ts';
import type { Tally } from './tally.ts';
import { PATHS, type Path, runUpgrades } from './upgrade-cases.ts';

/** Messages on one connection: fewer than a client may send at once. */
const MESSAGES_EACH = 150;
const NOISE_EACH = 60;
const FRAGMENTS_MAX = 64;
const MESSAGE_BYTES_MAX = 64 * 1024;
const MESSAGES_BURST = 200;

/** A message, as bytes of a text or a binary frame, and what must stand in the answer. */
interface BadMessage {
  readonly bytes: Uint8Array;
  readonly isBinary?: boolean;
  readonly answer: string;
}

/** Runs all cases and reports them to the tally. */
export async function runSocketCases(target: Target, random: Random, tally: Tally): Promise<void> {
  const witnesses = await Promise.all(PATHS.map((path) => opened(target, path)));
  for (const path of PATHS) {
    await runMessages(target, path, badMessages(path, random), tally);
    await runFrames(target, path, tally);
    await runAuthentication(target, path, tally);
  }
  await runUpgrades(target, tally);
  for (const [index, path] of PATHS.entries()) {
    const witness = witnesses[index];
    await tally.run('sockets', `${path}: witness`, async () =>
      witness === undefined ? 'none' : probed(witness, path),
    );
    witness?.destroy();
  }
}

/** Connects with the key in the headers and takes what the server says first. */
async function opened(target: Target, path: Path): Promise<RawSocket> {
  const socket = await RawSocket.open(target.origin, path, target.key);
  if (isData(path)) {
    await socket.next();
    await socket.next();
  } else if (isPlatform(path)) {
    await socket.next();
  }
  return socket;
}

function isData(path: Path): boolean {
  return path.startsWith('/v2/');
}

function isPlatform(path: Path): boolean {
  return path === '/api/v1/stream';
}

/** A good message of the path and what its answer holds. */
function goodMessage(path: Path): { readonly text: string; readonly answer: string } {
  if (isData(path)) {
    return { text: '{"action":"unsubscribe","trades":["BAC"]}', answer: '"T":"subscription"' };
  }
  if (isPlatform(path)) {
    const text = '{"action":"subscribe","quotes":[],"trades":[],"bars":[]}';
    return { text, answer: '"type":"subscribed"' };
  }
  return { text: '{"action":"listen","data":{"streams":[]}}', answer: '"stream":"listening"' };
}

/** Sends the good message; what was wrong with the answer. */
async function probed(socket: RawSocket, path: Path): Promise<string | undefined> {
  const { text, answer } = goodMessage(path);
  socket.text(text);
  return expectText(socket, answer);
}

async function expectText(socket: RawSocket, answer: string): Promise<string | undefined> {
  for (;;) {
    const frame = await socket.next();
    const text = frame?.text ?? 'end of the connection';
    // The platform stream tells the time in between.
    if (text.startsWith('{"type":"clock"')) continue;
    if (frame !== undefined && frame.opcode !== 8 && text.includes(answer)) return undefined;
    return `expected ${answer}, got ${frame?.code ?? ''} ${text.slice(0, 200)}`;
  }
}

async function expectClose(socket: RawSocket, code: number): Promise<string | undefined> {
  for (;;) {
    const frame = await socket.next();
    if (frame === undefined) return `expected close ${code}, got the end of the connection`;
    if (frame.opcode === 8) {
      return frame.code === code ? undefined : `expected close ${code}, got ${frame.code ?? 0}`;
    }
  }
}

async function runMessages(
  target: Target,
  path: Path,
  messages: readonly BadMessage[],
  tally: Tally,
): Promise<void> {
  for (let first = 0; first < messages.length; first += MESSAGES_EACH) {
    const socket = await opened(target, path);
    for (const { bytes, isBinary = false, answer } of messages.slice(
      first,
      first + MESSAGES_EACH,
    )) {
      const about = `${path}: ${Buffer.from(bytes).toString('latin1').slice(0, 120)}`;
      await tally.run('sockets', about, () => {
        socket.frame({ opcode: isBinary ? 2 : 1, payload: bytes });
        return expectText(socket, answer);
      });
    }
    await tally.run('sockets', `${path}: good message after bad ones`, () => probed(socket, path));
    socket.destroy();
  }
}

function dataError(code: MarketDataErrorCode): string {
  return JSON.stringify([{ T: 'error', code, msg: MARKET_DATA_ERRORS[code] }]);
}

function badMessages(path: Path, random: Random): readonly BadMessage[] {
  const syntax = isData(path)
    ? dataError(400)
    : isPlatform(path)
      ? '"code":"message_invalid"'
      : '{"action":"error","data":{"error_message":"invalid syntax"}}';
  const noMessages = [
    ...['', '{', '[', 'null', '1', '"x"', '[]', 'true', 'NaN', '{"action":', "{'action':'auth'}"],
    ...[
      '{"action":"subscribe"',
      '{"action":"auth",}',
      '{}{}',
      '['.repeat(30_000),
      '[{}]',
      '\ufeff{}',
    ],
    ...HOSTILE_TEXTS.filter((text) => text !== '{}'),
    ...Array.from({ length: 20 }, () => random.text()),
  ];
  const noise = Array.from({ length: NOISE_EACH }, () => random.bytes(1 + random.below(300)));
  return [
    ...noMessages.map((text) => ({ bytes: Buffer.from(text), answer: syntax })),
    ...noise.map((bytes) => ({ bytes, isBinary: true, answer: syntax })),
    ...objects(path).map(([text, answer]) => ({ bytes: Buffer.from(text), answer })),
  ];
}

/** Messages that are objects, each with its answer. */
function objects(path: Path): readonly (readonly [string, string])[] {
  const actions = ['{}', '{"action":"nope"}', '{"action":"SUBSCRIBE"}', '{"action":"__proto__"}'];
  const untyped = ['{"action":1}', '{"action":null}', '{"action":["auth"]}', '{"__proto__":{}}'];
  if (isData(path)) {
    const bad = ['"BAC"', '1', '{}', '[1]', '[""]', '[["BAC"]]', `["${'X'.repeat(33)}"]`, '[null]'];
    const many = JSON.stringify(Array.from({ length: 20_001 }, (_, k) => k.toString(36)));
    return [
      ...[...actions, ...untyped].map((text) => [text, dataError(400)] as const),
      ...['trades', 'quotes', 'bars', 'lulds'].flatMap((channel) =>
        bad.map((list) => [`{"action":"subscribe","${channel}":${list}}`, dataError(400)] as const),
      ),
      ...['subscribe', 'unsubscribe'].flatMap((action) => [
        [`{"action":"${action}"}`, dataError(400)] as const,
        [`{"action":"${action}","news":["*"]}`, dataError(410)] as const,
        [`{"action":"${action}","orderbooks":["BAC"]}`, dataError(410)] as const,
      ]),
      ['{"action":"auth","key":"x","secret":"y"}', dataError(403)],
      // 20,001 short symbols do not fit one message: both halves together are too many.
      ...(many.length > MESSAGE_BYTES_MAX ? tooManySymbols() : []),
    ];
  }
  if (isPlatform(path)) return platformObjects(actions, untyped);
  const unknown = '{"action":"error","data":{"error_message":"unknown action"}}';
  const syntax = '{"action":"error","data":{"error_message":"invalid syntax"}}';
  const streams = ['{}', '{"streams":"trade_updates"}', '{"streams":null}', '[]', '1', 'null'];
  return [
    ...[...actions, ...untyped].map((text) => [text, unknown] as const),
    ...streams.map((data) => [`{"action":"listen","data":${data}}`, syntax] as const),
    ['{"action":"listen"}', syntax],
    ['{"action":"listen","data":{"streams":["nope",1,null]}}', '{"streams":[]}'],
  ];
}

/** 10,000 symbols are fine, and again 10,000; one more is too many and changes nothing. */
function tooManySymbols(): readonly (readonly [string, string])[] {
  const symbols = (first: number, count: number): string =>
    JSON.stringify(Array.from({ length: count }, (_, k) => (first + k).toString(36)));
  const subscribed = '"T":"subscription"';
  return [
    [`{"action":"subscribe","trades":${symbols(0, 8_000)}}`, subscribed],
    [`{"action":"subscribe","quotes":${symbols(0, 8_000)}}`, subscribed],
    [`{"action":"subscribe","bars":${symbols(0, 4_000)}}`, subscribed],
    ['{"action":"subscribe","bars":["ONEMORE"]}', dataError(405)],
    [`{"action":"unsubscribe","trades":${symbols(0, 8_000)}}`, subscribed],
  ];
}

function platformObjects(
  actions: readonly string[],
  untyped: readonly string[],
): readonly (readonly [string, string])[] {
  const invalid = '"code":"message_invalid"';
  const lists = (quotes: string, trades = '[]', bars = '[]'): string =>
    `{"action":"subscribe","quotes":${quotes},"trades":${trades},"bars":${bars}}`;
  const many = (count: number): string =>
    JSON.stringify(Array.from({ length: count }, () => 'BAC'));
  return [
    ...[...untyped, '{}'].map((text) => [text, invalid] as const),
    ...actions.slice(1).map((text) => [text, '"code":"action_unknown"'] as const),
    ...['null', '"BAC"', '{}', '[1]', '[null]', '[["BAC"]]'].map(
      (list) => [lists(list), invalid] as const,
    ),
    ['{"action":"subscribe","quotes":[]}', invalid],
    [lists('["ZZZZ"]'), '"code":"symbol_unknown"'],
    [lists('["bac"]'), '"code":"symbol_unknown"'],
    [lists('["__proto__"]'), '"code":"symbol_unknown"'],
    [lists('["constructor"]'), '"code":"symbol_unknown"'],
    [lists(many(501)), '"code":"too_many_symbols"'],
    [lists(many(10_000)), '"code":"too_many_symbols"'],
    [lists('[]', many(501)), '"code":"too_many_symbols"'],
    [lists('[]', '[]', many(51)), '"code":"too_many_symbols"'],
  ];
}

/** Frames that end a connection, by the close code that must come. */
function brokenFrames(path: Path): readonly (readonly [string, number, readonly FrameSpec[]])[] {
  const empty = Buffer.alloc(0);
  const text = Buffer.from(goodMessage(path).text);
  const bits = [1, 2, 4].map(
    (reserved) =>
      [`reserved bit ${reserved}`, 1002, [{ opcode: 1, payload: text, reserved }]] as const,
  );
  const opcodes = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map(
    (opcode) => [`opcode ${opcode}`, 1002, [{ opcode, payload: empty }]] as const,
  );
  const closes = [0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535].map((code) => {
    const payload = Buffer.from([code >> 8, code & 255]);
    return [`close with ${code}`, 1002, [{ opcode: 8, payload }]] as const;
  });
  const many = Array.from({ length: FRAGMENTS_MAX + 6 }, (_, k) => ({
    ...{ opcode: k === 0 ? 1 : 0, payload: Buffer.from(' '), fin: false },
  }));
  const flood = Array.from({ length: MESSAGES_BURST + 60 }, () => ({ opcode: 1, payload: text }));
  return [
    ...bits,
    ...opcodes,
    ...closes,
    ['unmasked', 1002, [{ opcode: 1, payload: text, masked: false }]],
    ['ping of 126 bytes', 1002, [{ opcode: 9, payload: Buffer.alloc(126) }]],
    ['fragmented ping', 1002, [{ opcode: 9, payload: empty, fin: false }]],
    ['continuation of nothing', 1002, [{ opcode: 0, payload: text }]],
    [
      'message inside a message',
      1002,
      [
        { opcode: 1, payload: text, fin: false },
        { opcode: 1, payload: text },
      ],
    ],
    ['close of one byte', 1002, [{ opcode: 8, payload: Buffer.from([3]) }]],
    ['no UTF-8', 1007, [{ opcode: 1, payload: Buffer.from([0x22, 0xff, 0xfe, 0x22]) }]],
    ['half a character', 1007, [{ opcode: 1, payload: Buffer.from([0xe2, 0x82]) }]],
    ['close reason without UTF-8', 1007, [{ opcode: 8, payload: Buffer.from([3, 0xe8, 0xff]) }]],
    ['oversize', 1009, [{ opcode: 1, payload: Buffer.alloc(MESSAGE_BYTES_MAX + 1, 0x20) }]],
    ['oversize announced', 1009, [{ opcode: 2, payload: empty, announced: 100n << 20n }]],
    ['2^63 bytes announced', 1009, [{ opcode: 2, payload: empty, announced: 1n << 63n }]],
    [
      'oversize in fragments',
      1009,
      [
        { opcode: 1, payload: Buffer.alloc(40_000, 0x20), fin: false },
        { opcode: 0, payload: Buffer.alloc(40_000, 0x20) },
      ],
    ],
    ['too many fragments', 1008, many],
    ['flood of messages', 1008, flood],
  ];
}

async function runFrames(target: Target, path: Path, tally: Tally): Promise<void> {
  for (const [label, code, frames] of brokenFrames(path)) {
    await tally.run('sockets', `${path}: ${label}`, async () => {
      const socket = await opened(target, path);
      socket.frame(...frames);
      const problem = await expectClose(socket, code);
      socket.destroy();
      return problem;
    });
  }
  for (const count of [2, 3, 10, FRAGMENTS_MAX]) {
    await tally.run('sockets', `${path}: good message in ${count} fragments`, async () => {
      const socket = await opened(target, path);
      socket.frame(...fragmentsOf(goodMessage(path).text, count));
      const problem = await expectText(socket, goodMessage(path).answer);
      socket.destroy();
      return problem;
    });
  }
}

/** A message in fragments, some empty, with a ping between the first two. */
function fragmentsOf(text: string, count: number): readonly FrameSpec[] {
  const bytes = Buffer.from(text);
  const size = Math.ceil(bytes.length / count);
  const parts = Array.from({ length: count }, (_, k) => ({
    opcode: k === 0 ? 1 : 0,
    payload: bytes.subarray(k * size, (k + 1) * size),
    fin: k === count - 1,
  }));
  return parts.toSpliced(1, 0, { opcode: 9, payload: Buffer.from('ping'), fin: true });
}

/** Wrong keys inside the protocol: five are answered, then the connection is closed. */
async function runAuthentication(target: Target, path: Path, tally: Tally): Promise<void> {
  if (isPlatform(path)) return;
  const refused = isData(path) ? dataError(402) : '"status":"unauthorized","action":"authenticate"';
  const early = isData(path) ? dataError(401) : '"status":"unauthorized","action":"listen"';
  const fields = ['', ',"key":1,"secret":2', ',"key":"","secret":""', ',"key":{},"secret":[]'];
  const long = `,"key":"${'k'.repeat(300)}","secret":"s"`;
  await tally.run('sockets', `${path}: before authentication`, async () => {
    const socket = await RawSocket.open(target.origin, path);
    if (isData(path)) await socket.next();
    socket.text(isData(path) ? '{"action":"subscribe","trades":["*"]}' : goodMessage(path).text);
    let problem = await expectText(socket, early);
    for (const extra of [...fields, long]) {
      socket.text(`{"action":"auth"${extra}}`);
      problem ??= await expectText(socket, refused);
    }
    socket.destroy();
    return problem;
  });
  await tally.run('sockets', `${path}: five wrong keys`, async () => {
    const socket = await RawSocket.open(target.origin, path);
    for (let attempt = 0; attempt < 5; attempt++) {
      socket.text(`{"action":"auth","key":"PK${attempt}","secret":"wrong"}`);
    }
    const problem = await expectClose(socket, 4003);
    socket.destroy();
    return problem;
  });
  await tally.run('sockets', `${path}: right key after wrong ones`, async () => {
    const socket = await RawSocket.open(target.origin, path);
    if (isData(path)) await socket.next();
    const key = JSON.stringify(target.key['APCA-API-KEY-ID']);
    const secret = JSON.stringify(target.key['APCA-API-SECRET-KEY']);
    socket.text(`{"action":"auth","key":${key},"secret":"wrong"}`);
    let problem = await expectText(socket, refused);
    socket.text(`{"action":"auth","key":${key},"secret":${secret}}`);
    problem ??= await expectText(socket, isData(path) ? 'authenticated' : '"status":"authorized"');
    socket.destroy();
    return problem;
  });
}
