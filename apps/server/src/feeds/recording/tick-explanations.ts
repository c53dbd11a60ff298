/**
 * Why a field or a line of a tick file was refused, in words a user can act on.
 *
 * Runs only for refused text, so it may be slow; the parsers of tick-fields.ts decide.
 */

/** Why `parsePriceUnits` or a rule above it refused `text`. */
export function explainPrice(text: string): string {
  if (text === '') return 'is empty';
  if (!/^\d+(\.\d+)?$/.test(text)) return `${quoted(text)} is no plain decimal like 13.91`;
  if (/\.\d{4}\d*[1-9]/.test(text)) return `${quoted(text)} is finer than $0.0001`;
  if (/^0*(\.0*)?$/.test(text)) return 'a price of zero: leave the field empty when there is none';
  return `${quoted(text)} is above the highest price, 214748.3647`;
}

/** Why `parseInteger` refused a size. */
export function explainSize(text: string): string {
  if (text === '') return 'is empty';
  if (!/^\d+$/.test(text)) return `${quoted(text)} is no whole number of shares`;
  return `${quoted(text)} is not between 1 and 2147483647 shares`;
}

/** Why `TimeParser.parse` refused a time. */
export function explainTime(text: string): string {
  if (text === '') return 'is empty';
  if (/\.\d{7,}Z$/.test(text)) return `${quoted(text)} is finer than a microsecond`;
  if (/[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text)) {
    return `${quoted(text)} has no time zone: write UTC with a Z at the end`;
  }
  if (/[+-]\d\d:?\d\d$/.test(text)) return `${quoted(text)} is not in UTC: write it with a Z`;
  return `${quoted(text)} is no time like 2013-10-07T13:30:00.054Z`;
}

/** Text for a message: quoted, printable, at most 100 characters. */
export function quoted(text: string): string {
  const short = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  return JSON.stringify(short);
}

/** Why a symbol was refused: it is none, or it is none of the listed ones. */
export function explainSymbol(text: string, wellFormed: boolean): string {
  if (wellFormed) return `${quoted(text)} is not in the list of instruments`;
  return `${quoted(text)} is no symbol like BAC or BRK.B`;
}

/** Why `parseVenue` refused a venue. */
export function explainVenue(text: string): string {
  return text === '' ? 'is empty' : `${quoted(text)} is no venue code of one capital letter`;
}

/** Why `parseHex` refused a condition. */
export function explainCondition(text: string): string {
  if (text === '') return 'is empty';
  return `${quoted(text)} is no set of condition bits in 1 to 8 hexadecimal digits`;
}

/** Why a flag was refused. */
export function explainFlag(text: string): string {
  return text === '' ? 'is empty' : `${quoted(text)} is neither 0 nor 1`;
}

/** Why a line was not split into the fields it should have. */
export function explainFieldCount(line: string, columns: number): string {
  const fields = line.split(',').length;
  if (line.includes('"')) return 'has a quoted field: this format needs none';
  if (line.includes('\r')) return 'has a carriage return inside';
  if (fields === 1 && /[;\t|]/.test(line)) return 'has no comma: fields are separated by commas';
  return `has ${fields} fields instead of ${columns}`;
}

/** Why a header line was refused. */
export function explainHeader(header: string, known: readonly string[]): string {
  const delimiter = /[;\t|]/.exec(header)?.[0];
  if (delimiter !== undefined && !header.includes(',')) {
    return `fields are separated by ${JSON.stringify(delimiter)}: use commas`;
  }
  return `unknown header ${quoted(header)}: it must be ${known.map((text) => quoted(text)).join(' or ')}`;
}
