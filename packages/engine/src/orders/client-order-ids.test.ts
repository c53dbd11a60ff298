import { expect, it } from 'vitest';
import { ByteReader, ByteWriter } from '../values/bytes.ts';
import { OrderDirectory } from './order-directory.ts';
import { ClientOrderIds } from './client-order-ids.ts';

const ORDERS = 50_000;

/** How many of the answers about order k + 1 are wrong. */
function mistakes(table: ClientOrderIds, k: number): number {
  const number = table.find(k % 7, `id-${k}`);
  let wrong = number === k + 1 ? 0 : 1;
  table.setTerms(0, 0, k, 1, 0);
  if (!table.hasTerms()) wrong++;
  table.setTerms(0, 0, k + 1, 1, 0);
  if (table.hasTerms()) wrong++;
  if (table.find((k % 7) + 1, `id-${k}`) !== 0) wrong++;
  return wrong;
}

it('finds each of 50,000 ids again, also after a restore, and no other', () => {
  const directory = new OrderDirectory();
  const ids = new ClientOrderIds(directory);
  let foundTooEarly = 0;
  for (let k = 0; k < ORDERS; k++) {
    ids.setTerms(0, 0, k, 1, 0);
    if (ids.find(k % 7, `id-${k}`) !== 0) foundTooEarly++;
    ids.add(directory.add(k % 7, k + 1));
  }
  expect(directory.count).toBe(ORDERS);
  expect(directory.slotOf(ORDERS)).toBe(ORDERS);
  expect(foundTooEarly).toBe(0);
  const writer = new ByteWriter();
  directory.write(writer);
  ids.write(writer);
  const reader = new ByteReader(writer.finish());
  const restored = ClientOrderIds.read(reader, OrderDirectory.read(reader));
  for (const table of [ids, restored]) {
    let wrong = 0;
    for (let k = 0; k < ORDERS; k++) wrong += mistakes(table, k);
    expect(wrong).toBe(0);
  }
});
