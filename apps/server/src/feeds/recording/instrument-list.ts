/**
 * `instruments.csv`: the instruments of a data set, in the order the venue lists them.
 *
 * Columns `symbol,name,exchange`. Small and read whole; names may be quoted.
 */
import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import type { Instrument } from '@rialto/engine/instruments/instrument';
import type { CsvProblems } from './csv-problems.ts';
import { readTextChunks, TextFileError } from './text-chunks.ts';
import { explainSymbol, quoted } from './tick-explanations.ts';

/** Symbols as the trading API writes them: BAC, BRK.B. */
export const SYMBOL_PATTERN: RegExp = /^[A-Z][A-Z0-9]{0,9}(\.[A-Z]{1,4})?$/;

/** Listing exchanges of the trading API; empty where the recording does not say. */
export const EXCHANGES: readonly string[] = ['NYSE', 'NASDAQ', 'AMEX', 'ARCA', 'BATS', ''];

/** One row of the list. */
export interface ListedInstrument {
  readonly symbol: string;
  readonly name: string;
  readonly exchange: string;
}

const HEADER = 'symbol,name,exchange';
const FILE_BYTES_MAX = 4 * 2 ** 20;
/** The packed tape holds an instrument in 14 bits. */
const INSTRUMENTS_MAX = 16_384;
const NAME_PATTERN = /^[^\p{Cc}\p{Cf}]{1,120}$/u;

/** An instrument as a venue lists it; its id depends on the symbol alone. */
export function toInstrument(listed: ListedInstrument): Instrument {
  return { ...listed, id: instrumentId(listed.symbol), fractionable: true, tradable: true };
}

/** A stable UUID (version 8) of a symbol. */
export function instrumentId(symbol: string): string {
  const digest = createHash('sha256').update(`rialto instrument ${symbol}`).digest('hex');
  const variant = ((parseInt(digest.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `${variant}${digest.slice(18, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}

/** Reads the list. What is wrong with it is noted in `problems`. */
export async function readInstrumentList(
  path: string,
  name: string,
  problems: CsvProblems,
): Promise<readonly ListedInstrument[]> {
  try {
    const records = parse(await readSmallText(path), { info: true, relax_column_count: true });
    return takeRecords(records as unknown as readonly ParsedRecord[], name, problems);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const line = 'lines' in error && typeof error.lines === 'number' ? error.lines : 0;
    problems.add({ file: name, line, column: '', reason: error.message });
    return [];
  }
}

/** With `info`, csv-parse gives each record with the line it ends on. */
interface ParsedRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

async function readSmallText(path: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of readTextChunks(path)) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > FILE_BYTES_MAX) throw new TextFileError(`is longer than ${FILE_BYTES_MAX} bytes`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    throw new TextFileError('is not UTF-8', { cause: error });
  }
}

function takeRecords(
  records: readonly ParsedRecord[],
  file: string,
  problems: CsvProblems,
): readonly ListedInstrument[] {
  const [header, ...rows] = records;
  if (header?.record.join(',') !== HEADER) {
    const reason = `the header must be ${quoted(HEADER)}`;
    problems.add({ file, line: 1, column: '', reason });
    return [];
  }
  if (rows.length === 0 || rows.length > INSTRUMENTS_MAX) {
    const reason = `lists ${rows.length} instruments; 1 to ${INSTRUMENTS_MAX} are possible`;
    problems.add({ file, line: 0, column: '', reason });
    return [];
  }
  const list = new Map<string, ListedInstrument>();
  for (const { record, info } of rows) {
    const [symbol = '', name = '', exchange = ''] = record;
    const refuse = (column: string, reason: string) =>
      problems.add({ file, line: info.lines, column, reason });
    if (record.length !== 3) refuse('', `has ${record.length} fields instead of 3`);
    else if (!SYMBOL_PATTERN.test(symbol)) refuse('symbol', explainSymbol(symbol, false));
    else if (list.has(symbol)) refuse('symbol', `${quoted(symbol)} stands twice`);
    else if (!NAME_PATTERN.test(name)) refuse('name', `${quoted(name)} is no name`);
    else if (!EXCHANGES.includes(exchange)) refuse('exchange', explainExchange(exchange));
    else list.set(symbol, { symbol, name, exchange });
  }
  return [...list.values()];
}

function explainExchange(text: string): string {
  const known = EXCHANGES.filter((exchange) => exchange !== '').join(', ');
  return `${quoted(text)} is none of ${known}, and not empty`;
}
