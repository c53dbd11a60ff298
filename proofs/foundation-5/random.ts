/** Seeded choices, so that a case is named by its seed and its number. */

/** A reproducible source of numbers (mulberry32). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A whole number from 0 to `below` - 1. */
  below(below: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  /** Text of characters that make trouble, never a word of the API. */
  text(): string {
    const length = 1 + this.below(30);
    return `?${Array.from({ length }, () => this.pick(CHARACTERS)).join('')}`;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }
}

const CHARACTERS = Array.from('aZ09 %&=+?#/\\.;:\'"<>{}[]|`~!@$^*()_-,\u00e9\u202e\u200b😀\t\n\0');

/** Texts that a careless reader takes for a number, a date, a symbol or code. */
export const HOSTILE_TEXTS: readonly string[] = [
  ...['NaN', 'Infinity', '-Infinity', '1e400', '1e3', '0x10', '-0', '-1', '0', '+1', '1.', '.5'],
  ...['9007199254740993', '1000000000', ' 1 ', '1,000', '\u0661', '1_000', '00', '1e-9'],
  ...['true', 'null', 'undefined', '[]', '{}', '[object Object]', '__proto__', 'constructor'],
  ...['\u202eBAC', 'BAC\u0000', '\u200bBAC', 'B\u0410C', '😀', "' or 1=1 --", '%', '%00', '$ne'],
  ...['../../etc/passwd', '..\\..\\x', '<script>alert(1)</script>', '$(id)', '\r\nX-A: b', 'bac'],
  ...['2013-02-30', '2013-13-01', '2013-10-07T25:00:00Z', '07/10/2013', '1381152600', '24:00'],
  ...['x'.repeat(150), '-', '--', '*', '**', 'BAC;AIG', 'BAC AIG', 'toString', 'hasOwnProperty'],
];
