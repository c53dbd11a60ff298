/**
 * Public order ids: UUID text that carries an order's number and slot.
 *
 * No table of ids is needed: the id itself leads to the record. Number and slot are masked by a
 * key stream from the venue's seed, so ids look like random (version 4) UUIDs; 42 check bits make
 * a foreign or mistyped id no order (they are no secret: an account can only reach its own orders).
 *
 * Hex digits: 8 check, 8 masked low number | 4 masked high number | 8 masked slot | 2 more check,
 * with the version digit and the variant digit where RFC 9562 wants them.
 */
import type { OrderRef } from './order-terms.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TWO_32 = 2 ** 32;

/** The public id of an order in the venue with this seed. */
export function orderUuid(seed: number, ref: OrderRef): string {
  const low = ref.number >>> 0;
  const high = Math.floor(ref.number / TWO_32) & 0xffff;
  const check = checkOf(seed, low, high, ref.slot);
  const more = stir(check, 0x51ab);
  const digits =
    hex(check, 8) +
    hex(low ^ stir(check, seed), 8) +
    hex((high ^ stir(check, seed + 1)) & 0xffff, 4) +
    hex(ref.slot ^ stir(check, seed + 2), 8) +
    hex(more & 0xff, 2);
  const variant = (8 + ((more >>> 8) & 3)).toString(16);
  return (
    `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(12, 15)}` +
    `-${variant}${digits.slice(15, 18)}-${digits.slice(18, 30)}`
  );
}

/** The order that a public id names; `undefined` when this venue never gave out such an id. */
export function parseOrderUuid(seed: number, text: string): OrderRef | undefined {
  const uuid = text.toLowerCase();
  if (!UUID.test(uuid)) return undefined;
  const digits =
    uuid.slice(0, 8) + uuid.slice(9, 13) + uuid.slice(15, 18) + uuid.slice(20, 23) + uuid.slice(24);
  const check = parseInt(digits.slice(0, 8), 16);
  const low = (parseInt(digits.slice(8, 16), 16) ^ stir(check, seed)) >>> 0;
  const high = (parseInt(digits.slice(16, 20), 16) ^ stir(check, seed + 1)) & 0xffff;
  const slot = (parseInt(digits.slice(20, 28), 16) ^ stir(check, seed + 2)) >>> 0;
  const ref = { number: high * TWO_32 + low, slot };
  return orderUuid(seed, ref) === uuid ? ref : undefined;
}

function checkOf(seed: number, low: number, high: number, slot: number): number {
  return stir(stir(stir(stir(0x52696c74, seed), low), high), slot);
}

/** Mixes a value (all its 53 bits) into a 32-bit hash. */
function stir(hash: number, value: number): number {
  let h = Math.imul(hash ^ (value >>> 0), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13) ^ Math.floor(value / TWO_32), 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x27d4eb2f);
  return (h ^ (h >>> 15)) >>> 0;
}

function hex(value: number, digits: number): string {
  return (value >>> 0).toString(16).padStart(digits, '0');
}
