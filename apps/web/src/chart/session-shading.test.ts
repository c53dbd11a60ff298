import { expect, test } from 'vitest';
import { sessionRuns } from './session-shading.ts';

test('neighbors of one session are one run', () => {
  expect(sessionRuns(['pre', 'pre', 'regular', 'post', 'pre'])).toEqual([
    { session: 'pre', first: 0, last: 1 },
    { session: 'regular', first: 2, last: 2 },
    { session: 'post', first: 3, last: 3 },
    { session: 'pre', first: 4, last: 4 },
  ]);
  expect(sessionRuns([])).toEqual([]);
});
