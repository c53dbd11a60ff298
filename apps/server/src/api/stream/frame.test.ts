import { decode } from '@msgpack/msgpack';
import { array, assert, double, maxSafeNat, nat, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frame, OPCODE_BINARY, OPCODE_TEXT, utf8ByteString } from './frame.ts';
import { packFloat, packInteger, packText, packTexts, packTime } from './msgpack-bytes.ts';

function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

describe('frames', () => {
  it('carry their length in 7, 16 or 64 bits', () => {
    const head = (length: number): string =>
      bytes(frame(OPCODE_TEXT, 'x'.repeat(length)))
        .subarray(0, 10)
        .toString('hex');
    expect(head(125)).toMatch(/^817d78/);
    expect(head(126)).toMatch(/^817e007e78/);
    expect(head(65_535)).toMatch(/^817effff78/);
    expect(head(65_536)).toBe('817f0000000000010000');
  });

  it('mark binary payloads', () => {
    expect(bytes(frame(OPCODE_BINARY, '\x00\xff')).toString('hex')).toBe('820200ff');
  });

  it('hold UTF-8', () => {
    assert(
      property(string({ unit: 'binary' }), (text) => {
        expect(bytes(utf8ByteString(text)).equals(Buffer.from(text))).toBe(true);
      }),
    );
  });
});

describe('packed values', () => {
  const values = oneof(
    nat().map((value) => ({ packed: packInteger(value), value })),
    maxSafeNat().map((value) => ({ packed: packInteger(value), value })),
    double({ noNaN: true }).map((value) => ({ packed: packFloat(value), value })),
    string({ maxLength: 60 }).map((value) => ({ packed: packText(value), value })),
    array(string({ maxLength: 3 }), { maxLength: 40 }).map((value) => ({
      packed: packTexts(value),
      value,
    })),
  );

  it('are read back by a MessagePack decoder as they were', () => {
    assert(
      property(values, ({ packed, value }) => {
        expect(decode(bytes(packed))).toEqual(value);
      }),
    );
  });

  it('keep times to the microsecond, also after 2106', () => {
    for (const micros of [0, 1, 1_381_152_600_123_456, 5_000_000_000_999_999]) {
      const hex = bytes(packTime(micros)).toString('hex');
      expect(hex.slice(0, 4)).toBe('d7ff');
      const word = BigInt(`0x${hex.slice(4)}`);
      expect(Number(word & 0x3_ffff_ffffn) * 1_000_000 + Number(word >> 34n) / 1_000).toBe(micros);
    }
  });
});
