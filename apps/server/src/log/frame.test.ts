import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFrame, encodeFrame, RECORD_OVERHEAD } from './frame.ts';
import { LogCorruptError } from './log.ts';

const payloads = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 8 });
const place = fc.record({
  firstSeq: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER - 100 }),
  epoch: fc.nat(),
});

test('the layout is length, CRC-32 of place and bytes, bytes, all little-endian', () => {
  const frame = encodeFrame([Buffer.from('ab'), Buffer.from('')], { firstSeq: 7, epoch: 2 });
  expect(frame.toString('hex')).toBe('020000006c7698826162000000005e596cfa');
});

test('decoding gives back what was encoded, numbered from the first sequence number', () => {
  fc.assert(
    fc.property(payloads, place, (written, { firstSeq, epoch }) => {
      const frame = encodeFrame(written, { firstSeq, epoch });
      const records = decodeFrame(frame, { firstSeq, epoch, count: written.length });
      expect(records.map((record) => record.seq)).toEqual(written.map((_, i) => firstSeq + i));
      expect(records.map((record) => [...record.payload])).toEqual(written.map((p) => [...p]));
    }),
  );
});

test('any changed bit, wherever it is, is found', () => {
  fc.assert(
    fc.property(payloads, place, fc.nat(), (written, { firstSeq, epoch }, where) => {
      const frame = encodeFrame(written, { firstSeq, epoch });
      const bit = where % (frame.length * 8);
      frame[bit >> 3] = (frame[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => decodeFrame(frame, { firstSeq, epoch, count: written.length })).toThrow(
        LogCorruptError,
      );
    }),
    { numRuns: 500 },
  );
});

test('a frame in another place, of another epoch or count, or cut anywhere, is corrupt', () => {
  const written = [Buffer.from('one'), Buffer.from('two')];
  const frame = encodeFrame(written, { firstSeq: 10, epoch: 3 });
  const right = { firstSeq: 10, epoch: 3, count: 2 };
  expect(decodeFrame(frame, right)).toHaveLength(2);
  for (const wrong of [{ firstSeq: 11 }, { epoch: 4 }, { count: 1 }, { count: 3 }]) {
    expect(() => decodeFrame(frame, { ...right, ...wrong })).toThrow(LogCorruptError);
  }
  for (let length = 0; length < frame.length; length++) {
    expect(() => decodeFrame(frame.subarray(0, length), right)).toThrow(LogCorruptError);
  }
});

test('the error names the first record that cannot be trusted', () => {
  const frame = encodeFrame([Buffer.from('one'), Buffer.from('two')], { firstSeq: 10, epoch: 0 });
  frame[RECORD_OVERHEAD * 2 + 3] = 0;
  expect(() => decodeFrame(frame, { firstSeq: 10, epoch: 0, count: 2 })).toThrow(
    'log record 11 is corrupt: the checksum does not match',
  );
});
