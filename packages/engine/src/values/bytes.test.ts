import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import { ByteReader, BytesError, ByteWriter } from './bytes.ts';

/** Each written value together with the way to read it back. */
const part = fc.oneof(
  fc.tuple(fc.constant('u8' as const), fc.nat({ max: 255 })),
  fc.tuple(fc.constant('u32' as const), fc.nat({ max: 0xffff_ffff })),
  fc.tuple(fc.constant('i32' as const), fc.integer()),
  fc.tuple(fc.constant('f64' as const), fc.double()),
  fc.tuple(fc.constant('i64' as const), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  fc.tuple(fc.constant('text' as const), fc.string({ unit: 'grapheme' })),
  fc.tuple(fc.constant('blob' as const), fc.uint8Array()),
  fc.tuple(fc.constant('i32s' as const), fc.int32Array()),
  fc.tuple(fc.constant('f64s' as const), fc.float64Array()),
);

test('values are read back as they were written, whatever the starting capacity', () => {
  fc.assert(
    fc.property(fc.array(part), fc.integer({ min: 1, max: 64 }), (parts, capacity) => {
      const w = new ByteWriter(capacity);
      for (const [kind, value] of parts) (w[kind] as (v: typeof value) => void)(value);
      const r = new ByteReader(w.finish());
      for (const [kind, value] of parts) expect(r[kind]()).toEqual(value);
      expect(r.remaining).toBe(0);
    }),
    { numRuns: 1_000 },
  );
});

test('a lone surrogate is written as the replacement character', () => {
  const w = new ByteWriter();
  w.text('a\ud800b');
  expect(new ByteReader(w.finish()).text()).toBe('a\ufffdb');
});

test.each([
  ['an overlong form', [0xc0, 0x80]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['a point above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ['a lead byte of five', [0xf8, 0x88, 0x80, 0x80, 0x80]],
  ['a continuation alone', [0x80]],
  ['a lead without its continuation', [0xe2, 0x82]],
  ['a lead followed by a letter', [0xe2, 0x28, 0xa1]],
])('text that holds %s is refused', (_name, bytes) => {
  const w = new ByteWriter();
  w.blob(Uint8Array.from(bytes));
  expect(() => new ByteReader(w.finish()).text()).toThrow(BytesError);
});

test('reading past the end is refused', () => {
  expect(() => new ByteReader(Uint8Array.of(1, 2, 3)).u32()).toThrow(BytesError);
  expect(() => new ByteReader(Uint8Array.of(255, 255, 255, 255)).f64s()).toThrow(BytesError);
});

/** Like Node's Buffer: `slice` gives a view of the same memory, in a larger buffer. */
class SharingBytes extends Uint8Array {
  override slice(start?: number, end?: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.buffer).subarray(
      this.byteOffset + (start ?? 0),
      this.byteOffset + (end ?? this.length),
    );
  }
}

test('arrays are read from a byte array whose slice shares memory', () => {
  const w = new ByteWriter();
  w.i32s(Int32Array.of(1, -2, 3));
  w.f64s(Float64Array.of(0.5));
  const written = w.finish();
  const pool = new ArrayBuffer(written.length + 16);
  const shared = new SharingBytes(pool, 8, written.length);
  shared.set(written);
  const r = new ByteReader(shared);
  expect(r.i32s()).toEqual(Int32Array.of(1, -2, 3));
  expect(r.f64s()).toEqual(Float64Array.of(0.5));
});
