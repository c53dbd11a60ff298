/**
 * Commands as bytes: what stands in the log.
 *
 * The first byte is the version of the format, the second the type of the command; the rest is
 * little-endian without padding (values/bytes.ts). Numbers of types and enumerations are part of
 * the format: never reuse one. The decoder is total: bytes either are the one encoding of one
 * command, or it throws `BytesError`. What it would not read cannot be written (`RangeError`), so
 * no caller can put a record into the log that stops the venue. Whether a command makes sense is
 * decided by `apply`.
 */
import type { Instrument } from '../instruments/instrument.ts';
import { INSTRUMENTS_MAX } from '../matching/limits.ts';
import type { OrderRef, OrderType, Side, TimeInForce } from '../orders/order-terms.ts';
import { ByteReader, BytesError, ByteWriter } from '../values/bytes.ts';
import type { Money } from '../values/money.ts';
import { PRICE_MAX } from '../values/price.ts';
import type { Price } from '../values/price.ts';
import type { Quantity } from '../values/quantity.ts';
import type { Micros } from '../values/time.ts';
import type { AdvanceClock, ClosePosition, Command, OpenVenue, SubmitOrder } from './command.ts';

/** Version of the command format; the first byte of every record. */
export const COMMAND_VERSION = 1;

/** The longest text a command may carry, in UTF-16 code units (`length`). */
export const COMMAND_TEXT_MAX = 1_024;

const TYPE = {
  open_venue: 1,
  open_account: 2,
  submit_order: 3,
  cancel_order: 4,
  cancel_all_orders: 5,
  close_position: 6,
  advance_clock: 7,
  set_clock: 8,
  lead: 9,
  end_venue: 10,
} as const satisfies Record<Command['type'], number>;

// The place in the list is the number in the log.
const SIDES: readonly Side[] = ['buy', 'sell'];
const ORDER_TYPES: readonly OrderType[] = ['market', 'limit'];
const TIMES_IN_FORCE: readonly TimeInForce[] = ['day', 'gtc', 'ioc', 'fok'];

const I64_MAX = 2n ** 63n - 1n;
const I64_MIN = -(2n ** 63n);

/**
 * Writes a command as the bytes of one log record.
 *
 * @throws RangeError when a number or text lies outside what the format holds; callers check what
 * users sent before.
 */
export function encodeCommand(command: Command): Uint8Array {
  const w = new ByteWriter(128);
  w.u8(COMMAND_VERSION);
  w.u8(TYPE[command.type]);
  writeInstant(w, command.at);
  switch (command.type) {
    case 'open_venue':
      writeOpenVenue(w, command);
      break;
    case 'open_account':
      writeText(w, command.accountId);
      writeAmount(w, command.cash);
      break;
    case 'submit_order':
      writeSubmitOrder(w, command);
      break;
    case 'cancel_order':
      writeU32(w, command.account);
      writeOrderRef(w, command.order);
      break;
    case 'cancel_all_orders':
      writeU32(w, command.account);
      break;
    case 'close_position':
      writeClosePosition(w, command);
      break;
    case 'advance_clock':
      writeU32(w, command.epoch);
      writeInstant(w, command.to);
      break;
    case 'set_clock':
      writeSpeed(w, command.speed);
      w.u8(command.paused ? 1 : 0);
      break;
    case 'lead':
      writeU32(w, command.epoch);
      break;
    case 'end_venue':
      break;
  }
  return w.finish();
}

/**
 * Reads the bytes of one log record.
 *
 * @throws BytesError when they are not the encoding of a command.
 */
export function decodeCommand(bytes: Uint8Array): Command {
  const r = new ByteReader(bytes);
  const version = r.u8();
  if (version !== COMMAND_VERSION) throw new BytesError(`command version ${version} is unknown`);
  const type = r.u8();
  const at = readInstant(r);
  const command = readBody(r, type, at);
  if (r.remaining !== 0) throw new BytesError(`${r.remaining} bytes follow the command`);
  return command;
}

function readBody(r: ByteReader, type: number, at: Micros): Command {
  switch (type) {
    case TYPE.open_venue:
      return readOpenVenue(r, at);
    case TYPE.open_account:
      return { type: 'open_account', at, accountId: readText(r), cash: r.i64() as Money };
    case TYPE.submit_order:
      return readSubmitOrder(r, at);
    case TYPE.cancel_order:
      return { type: 'cancel_order', at, account: r.u32(), order: readOrderRef(r) };
    case TYPE.cancel_all_orders:
      return { type: 'cancel_all_orders', at, account: r.u32() };
    case TYPE.close_position:
      return readClosePosition(r, at);
    case TYPE.advance_clock:
      return readAdvanceClock(r, at);
    case TYPE.set_clock:
      return { type: 'set_clock', at, speed: readSpeed(r), paused: readFlag(r) };
    case TYPE.lead:
      return { type: 'lead', at, epoch: r.u32() };
    case TYPE.end_venue:
      return { type: 'end_venue', at };
    default:
      throw new BytesError(`command type ${type} is unknown`);
  }
}

function writeOpenVenue(w: ByteWriter, command: OpenVenue): void {
  const { instruments, tape } = command;
  if (instruments.length > INSTRUMENTS_MAX) throw new RangeError('too many instruments');
  writeU32(w, command.seed);
  writeText(w, tape.dataset);
  writeText(w, tape.hash);
  w.u32(instruments.length);
  for (const instrument of instruments) writeInstrument(w, instrument);
}

function readOpenVenue(r: ByteReader, at: Micros): OpenVenue {
  const seed = r.u32();
  const dataset = readText(r);
  const hash = readText(r);
  const count = r.u32();
  if (count > INSTRUMENTS_MAX) throw new BytesError(`${count} instruments are too many`);
  const instruments: Instrument[] = [];
  for (let i = 0; i < count; i++) instruments.push(readInstrument(r));
  return { type: 'open_venue', at, seed, instruments, tape: { kind: 'recording', dataset, hash } };
}

/** Appends an instrument; the snapshot uses the same form. */
export function writeInstrument(w: ByteWriter, instrument: Instrument): void {
  writeText(w, instrument.symbol);
  writeText(w, instrument.name);
  writeText(w, instrument.id);
  writeText(w, instrument.exchange);
  w.u8((instrument.fractionable ? 1 : 0) | (instrument.tradable ? 2 : 0));
}

/**
 * Reads what `writeInstrument` wrote.
 *
 * @throws BytesError when the bytes are no instrument.
 */
export function readInstrument(r: ByteReader): Instrument {
  const symbol = readText(r);
  const name = readText(r);
  const id = readText(r);
  const exchange = readText(r);
  const flags = r.u8();
  if (flags > 3) throw new BytesError(`instrument flags ${flags} are unknown`);
  return {
    symbol,
    name,
    id,
    exchange,
    fractionable: (flags & 1) !== 0,
    tradable: (flags & 2) !== 0,
  };
}

function writeSubmitOrder(w: ByteWriter, command: SubmitOrder): void {
  writeU32(w, command.account);
  writeU32(w, command.instrument);
  w.u8(SIDES.indexOf(command.side));
  w.u8(ORDER_TYPES.indexOf(command.orderType));
  w.u8(TIMES_IN_FORCE.indexOf(command.timeInForce));
  writeAmount(w, command.qty);
  writePrice(w, command.limitPrice);
  writeText(w, command.clientOrderId);
}

function readSubmitOrder(r: ByteReader, at: Micros): SubmitOrder {
  return {
    type: 'submit_order',
    at,
    account: r.u32(),
    instrument: r.u32(),
    side: readOneOf(r, SIDES),
    orderType: readOneOf(r, ORDER_TYPES),
    timeInForce: readOneOf(r, TIMES_IN_FORCE),
    qty: r.i64() as Quantity,
    limitPrice: readPrice(r),
    clientOrderId: readText(r),
  };
}

function writeClosePosition(w: ByteWriter, command: ClosePosition): void {
  writeU32(w, command.account);
  writeU32(w, command.instrument);
  w.u8(command.qty === undefined ? 0 : 1);
  if (command.qty !== undefined) writeAmount(w, command.qty);
  w.u8(command.fractionNanos === undefined ? 0 : 1);
  if (command.fractionNanos !== undefined) writeU32(w, command.fractionNanos);
  writeText(w, command.clientOrderId);
}

function readClosePosition(r: ByteReader, at: Micros): ClosePosition {
  return {
    type: 'close_position',
    at,
    account: r.u32(),
    instrument: r.u32(),
    qty: readFlag(r) ? (r.i64() as Quantity) : undefined,
    fractionNanos: readFlag(r) ? r.u32() : undefined,
    clientOrderId: readText(r),
  };
}

function readAdvanceClock(r: ByteReader, at: Micros): AdvanceClock {
  return { type: 'advance_clock', at, epoch: r.u32(), to: readInstant(r) };
}

function writeAmount(w: ByteWriter, amount: bigint): void {
  requireFit(amount >= I64_MIN && amount <= I64_MAX, 'an amount of 64 bits');
  w.i64(amount);
}

function writeU32(w: ByteWriter, value: number): void {
  requireFit(Object.is(value, value >>> 0), 'an unsigned 32-bit integer');
  w.u32(value);
}

function writeOrderRef(w: ByteWriter, { number, slot }: OrderRef): void {
  requireFit(isOrderNumber(number), 'an order number');
  w.f64(number);
  writeU32(w, slot);
}

function readOrderRef(r: ByteReader): OrderRef {
  const number = r.f64();
  if (!isOrderNumber(number)) throw new BytesError('not an order number');
  return { number, slot: r.u32() };
}

function isOrderNumber(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

function writeInstant(w: ByteWriter, time: Micros): void {
  requireFit(isInstant(time), 'a time');
  w.f64(time);
}

function readInstant(r: ByteReader): Micros {
  const time = r.f64();
  if (!isInstant(time)) throw new BytesError('not a time');
  return time as Micros;
}

function isInstant(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0);
}

function writeSpeed(w: ByteWriter, speed: number): void {
  requireFit(isSpeed(speed), 'a speed');
  w.f64(speed);
}

function readSpeed(r: ByteReader): number {
  const speed = r.f64();
  if (!isSpeed(speed)) throw new BytesError('not a speed');
  return speed;
}

function isSpeed(value: number): boolean {
  return Number.isFinite(value) && value >= 0 && !Object.is(value, -0);
}

function writePrice(w: ByteWriter, price: Price): void {
  requireFit(Object.is(price, price >>> 0) && price <= PRICE_MAX, 'a price');
  w.u32(price);
}

function readPrice(r: ByteReader): Price {
  const price = r.u32();
  if (price > PRICE_MAX) throw new BytesError(`price ${price} is too high`);
  return price as Price;
}

function readFlag(r: ByteReader): boolean {
  const flag = r.u8();
  if (flag > 1) throw new BytesError(`flag ${flag} is neither 0 nor 1`);
  return flag === 1;
}

function readOneOf<T>(r: ByteReader, values: readonly T[]): T {
  const index = r.u8();
  const value = values[index];
  if (value === undefined) throw new BytesError(`choice ${index} is unknown`);
  return value;
}

function writeText(w: ByteWriter, text: string): void {
  requireFit(text.length <= COMMAND_TEXT_MAX, `a text of at most ${COMMAND_TEXT_MAX} characters`);
  w.text(text);
}

function readText(r: ByteReader): string {
  const text = r.text();
  if (text.length > COMMAND_TEXT_MAX) throw new BytesError('text is too long');
  return text;
}

function requireFit(fits: boolean, what: string): void {
  if (!fits) throw new RangeError(`a command must hold ${what} here`);
}
