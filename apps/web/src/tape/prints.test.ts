import { expect, test } from 'vitest';
import { printsAfter } from './prints.ts';

const print = (time: string) => ({ t: `2013-10-07T${time}Z`, p: 13.9, s: 100, x: 'N' });

test('prints that were read already are not taken again from the stream', () => {
  const prints = ['13:30:00.100', '13:30:00.250', '13:30:01'].map(print);
  const readUpToMs = Date.parse('2013-10-07T13:30:00.250Z');
  expect(printsAfter(prints, readUpToMs)).toEqual([print('13:30:01')]);
  expect(printsAfter(prints, 0)).toEqual(prints);
});
