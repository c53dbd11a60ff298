/**
 * Ids of events and executions, made from what they name: the same venue and the same event
 * number give the same ids, so a replay repeats them and nothing has to be stored.
 */
import { createHash } from 'node:crypto';
import { MICROS_PER_MS } from '@rialto/engine/values/time';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_DIGITS = 10;
const SEED_BITS = 32n;
const SEQ_BITS = 48n;
const ENTROPY_DIGITS = 16;

function base32(value: bigint, digits: number): string {
  let text = '';
  for (let rest = value, i = 0; i < digits; i++, rest >>= 5n) {
    text = (CROCKFORD[Number(rest & 31n)] ?? '') + text;
  }
  return text;
}

/** A ULID: milliseconds of venue time, then seed and event number; it sorts by event number. */
export function eventUlid(seed: number, seq: number, micros: number): string {
  const time = BigInt(Math.floor(micros / MICROS_PER_MS));
  const entropy = (BigInt.asUintN(Number(SEED_BITS), BigInt(seed)) << SEQ_BITS) | BigInt(seq);
  return base32(time, TIME_DIGITS) + base32(entropy, ENTROPY_DIGITS);
}

/** The UUID of the execution that event `seq` reports. */
export function executionUuid(seed: number, seq: number): string {
  const bytes = createHash('sha256').update(`execution/${seed}/${seq}`).digest();
  bytes[6] = (bytes.readUInt8(6) & 0x0f) | 0x40;
  bytes[8] = (bytes.readUInt8(8) & 0x3f) | 0x80;
  const hex = bytes.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
