/**
 * Commands as bytes: what stands in the log.
 *
 * The first byte is the version of the format, the second the type of the command; the rest is
 * little-endian without padding (values/bytes.ts). Numbers of types and enumerations are part of
 * the format: never reuse one. The decoder is total: bytes either are the one encoding of one
 * command, or it throws `BytesError`. Whether the command makes sense is decided by `apply`.
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

/** The longest text a command may carry, in UTF-8 bytes. */
export const COMMAND_TEXT_BYTES_MAX = 1_024;

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
 * @throws RangeError when an amount does not fit 64 bits (callers check limits before).
 */
export function encodeCommand(command: Command): Uint8Array {
  const w = new ByteWriter(128);
  w.u8(COMMAND_VERSION);
  w.u8(TYPE[command.type]);
  w.f64(command.at);
  switch (command.type) {
    case 'open_venue':
      writeOpenVenue(w, command);
      break;
    case 'open_account':
      w.text(command.accountId);
      writeAmount(w, command.cash);
      break;
    case 'submit_order':
      writeSubmitOrder(w, command);
      break;
    case 'cancel_order':
      w.u32(command.account);
      w.f64(command.order.number);
      w.u32(command.order.slot);
      break;
    case 'cancel_all_orders':
      w.u32(command.account);
      break;
    case 'close_position':
      writeClosePosition(w, command);
      break;
    case 'advance_clock':
      w.u32(command.epoch);
      w.f64(command.to);
      break;
    case 'set_clock':
      w.f64(command.speed);
      w.u8(command.paused ? 1 : 0);
      break;
    case 'lead':
      w.u32(command.epoch);
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
  w.u32(command.seed);
  w.text(command.tape.dataset);
  w.text(command.tape.hash);
  w.u32(command.instruments.length);
  for (const instrument of command.instruments) writeInstrument(w, instrument);
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
  w.text(instrument.symbol);
  w.text(instrument.name);
  w.text(instrument.id);
  w.text(instrument.exchange);
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
  w.u32(command.account);
  w.u32(command.instrument);
  w.u8(SIDES.indexOf(command.side));
  w.u8(ORDER_TYPES.indexOf(command.orderType));
  w.u8(TIMES_IN_FORCE.indexOf(command.timeInForce));
  writeAmount(w, command.qty);
  w.u32(command.limitPrice);
  w.text(command.clientOrderId);
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
  w.u32(command.account);
  w.u32(command.instrument);
  w.u8(command.qty === undefined ? 0 : 1);
  if (command.qty !== undefined) writeAmount(w, command.qty);
  w.u8(command.fractionNanos === undefined ? 0 : 1);
  if (command.fractionNanos !== undefined) w.u32(command.fractionNanos);
  w.text(command.clientOrderId);
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
  if (amount > I64_MAX || amount < I64_MIN) throw new RangeError('amount does not fit 64 bits');
  w.i64(amount);
}

function readOrderRef(r: ByteReader): OrderRef {
  const number = r.f64();
  if (!Number.isSafeInteger(number) || number < 1) throw new BytesError('not an order number');
  return { number, slot: r.u32() };
}

function readInstant(r: ByteReader): Micros {
  const time = r.f64();
  if (!Number.isSafeInteger(time) || time < 0 || Object.is(time, -0)) {
    throw new BytesError('not a time');
  }
  return time as Micros;
}

function readSpeed(r: ByteReader): number {
  const speed = r.f64();
  if (!Number.isFinite(speed) || speed < 0 || Object.is(speed, -0)) {
    throw new BytesError('not a speed');
  }
  return speed;
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

function readText(r: ByteReader): string {
  const text = r.text();
  if (text.length > COMMAND_TEXT_BYTES_MAX) throw new BytesError('text is too long');
  return text;
}
