import { dataErrors, tradingErrors } from '@rialto/contracts/alpaca/errors';
import { problems } from '@rialto/contracts/platform/problems';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const page = readFileSync(
  new URL('../../../../../docs/reference/errors.md', import.meta.url),
  'utf8',
);

/** The rows of the table under a heading, without the header rows. */
function tableUnder(heading: string): readonly string[] {
  const section = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) => row.replace(/\s*\|\s*/g, '|'));
}

describe('docs/reference/errors.md', () => {
  test('lists the trading errors, no more and no fewer', () => {
    expect(tableUnder('Trading API')).toEqual(
      Object.entries(tradingErrors).map(
        ([name, { status, code, message }]) => `|${name}|${status}|${code}|${message}|`,
      ),
    );
  });

  test('lists the market-data errors, no more and no fewer', () => {
    expect(tableUnder('Market-data API')).toEqual(
      Object.entries(dataErrors).map(
        ([name, { status, message }]) => `|${name}|${status}|${message}|`,
      ),
    );
  });

  test('lists the problems of the platform, no more and no fewer', () => {
    expect(tableUnder('Platform API')).toEqual(
      Object.entries(problems).map(
        ([code, { status, title, detail }]) => `|${code}|${status}|${title}|${detail}|`,
      ),
    );
  });
});

test('an error that any route may answer stands in both catalogues with one status', () => {
  for (const [code, { status }] of Object.entries(problems)) {
    const twin = (tradingErrors as Record<string, { readonly status: number }>)[code];
    if (code !== 'venue_ended' && twin !== undefined)
      expect([code, twin.status]).toEqual([code, status]);
  }
  const shared = ['unauthorized', 'route_unknown', 'body_invalid', 'body_too_large', 'internal'];
  for (const name of shared) {
    expect(Object.keys(problems)).toContain(name);
    expect(Object.keys(tradingErrors)).toContain(name);
  }
});
