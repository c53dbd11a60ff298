import { expect, it } from 'vitest';
import { ByteReader, ByteWriter } from '../values/bytes.ts';
import { ClientOrderIds } from './client-order-ids.ts';

const ORDERS = 50_000;

/** How many of the answers about order k + 1 are wrong. */
function mistakes(table: ClientOrderIds, k: number): number {
  const number = table.find(k % 7, `id-${k}`);
  let wrong = number === k + 1 && table.slotOf(number) === k + 1 ? 0 : 1;
  table.setTerms(0, 0, k, 1, 0);
  if (!table.hasTerms(number)) wrong++;
  table.setTerms(0, 0, k + 1, 1, 0);
  if (table.hasTerms(number)) wrong++;
  if (table.find((k % 7) + 1, `id-${k}`) !== 0) wrong++;
  return wrong;
}

it('finds each of 50,000 ids again, also after a restore, and no other', () => {
  const ids = new ClientOrderIds();
  let foundTooEarly = 0;
  for (let k = 0; k < ORDERS; k++) {
    ids.setTerms(0, 0, k, 1, 0);
    if (ids.find(k % 7, `id-${k}`) !== 0) foundTooEarly++;
    ids.add(k % 7, k + 1);
  }
  expect(ids.count).toBe(ORDERS);
  expect(foundTooEarly).toBe(0);
  const writer = new ByteWriter();
  ids.write(writer);
  for (const table of [ids, ClientOrderIds.read(new ByteReader(writer.finish()))]) {
    let wrong = 0;
    for (let k = 0; k < ORDERS; k++) wrong += mistakes(table, k);
    expect(wrong).toBe(0);
  }
});
