/** The consolidated tape that reports an instrument, by its listing exchange. */

/** A: listed on NYSE; C: listed on NASDAQ; B: all regional exchanges. */
export function consolidatedTape(exchange: string): 'A' | 'B' | 'C' {
  if (exchange === 'NYSE') return 'A';
  return exchange === 'NASDAQ' ? 'C' : 'B';
}
