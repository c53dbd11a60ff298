import { expect, it } from 'vitest';
import { isDatabaseAway } from './database-away.ts';

const withCode = (code: string) => Object.assign(new Error(code), { code });

it.each(['ECONNREFUSED', 'ENOENT', 'CONNECTION_CLOSED', '57P01', '57P03', '53100', '08006'])(
  'a database that answers %s may answer later',
  (code) => {
    expect(isDatabaseAway(withCode(code))).toBe(true);
  },
);

it.each(['42P01', '23505', 'CONNECTION_ENDED', '57014'])('%s does not pass by itself', (code) => {
  expect(isDatabaseAway(withCode(code))).toBe(false);
});

it('an error without a code is a bug', () => {
  expect(isDatabaseAway(new TypeError('x is not a function'))).toBe(false);
  expect(isDatabaseAway('ECONNREFUSED')).toBe(false);
});
