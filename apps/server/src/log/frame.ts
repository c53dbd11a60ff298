/**
 * A batch frame: the records of one commit as one run of bytes.
 *
 * Per record, little-endian: u32 length, u32 CRC-32, the bytes. The CRC begins with sequence
 * number and epoch, so a record that turns up in another place or under another epoch is as wrong
 * as one with a flipped bit. Reading verifies everything before it hands out anything.
 */
import { crc32 } from 'node:zlib';
import { LogCorruptError, type LogRecord } from './log.ts';

/** Where a frame stands; its records have the sequence numbers from `firstSeq` on. */
export interface FramePlace {
  readonly firstSeq: number;
  readonly count: number;
  /** Epoch of the writer; 0 when it held none. */
  readonly epoch: number;
}

/** Bytes of a record beside its payload. */
export const RECORD_OVERHEAD = 8;

/** The frame of `payloads`, the first of which has sequence number `firstSeq`. */
export function encodeFrame(
  payloads: readonly Uint8Array[],
  place: Omit<FramePlace, 'count'>,
): Buffer {
  let size = 0;
  for (const payload of payloads) size += RECORD_OVERHEAD + payload.length;
  const frame = Buffer.allocUnsafe(size);
  let at = 0;
  let seq = place.firstSeq;
  for (const payload of payloads) {
    frame.writeUInt32LE(payload.length, at);
    frame.writeUInt32LE(crc32(payload, placeSeed(seq, place.epoch)), at + 4);
    frame.set(payload, at + RECORD_OVERHEAD);
    at += RECORD_OVERHEAD + payload.length;
    seq += 1;
  }
  return frame;
}

/** The records of a frame; their payloads share its memory. Throws `LogCorruptError`. */
export function decodeFrame(frame: Buffer, place: FramePlace): LogRecord[] {
  const records: LogRecord[] = [];
  let at = 0;
  for (let seq = place.firstSeq; seq < place.firstSeq + place.count; seq++) {
    if (frame.length - at < RECORD_OVERHEAD) {
      throw new LogCorruptError(seq, `the frame ends at byte ${frame.length}`);
    }
    const length = frame.readUInt32LE(at);
    const start = at + RECORD_OVERHEAD;
    if (length > frame.length - start) {
      throw new LogCorruptError(seq, `${length} bytes announced, ${frame.length - start} there`);
    }
    const payload = frame.subarray(start, start + length);
    if (crc32(payload, placeSeed(seq, place.epoch)) !== frame.readUInt32LE(at + 4)) {
      throw new LogCorruptError(seq, 'the checksum does not match');
    }
    records.push({ seq, payload });
    at = start + length;
  }
  if (at !== frame.length) {
    throw new LogCorruptError(place.firstSeq + place.count, 'bytes follow the last record');
  }
  return records;
}

/**
 * What the CRC of a record begins with: its sequence number and epoch, mixed by odd constants so
 * that no two sequence numbers of one 2^32 share it, nor two epochs at one sequence number.
 */
function placeSeed(seq: number, epoch: number): number {
  const high = Math.floor(seq / 0x1_0000_0000);
  return (
    (Math.imul(seq, 0x9e3779b1) ^ Math.imul(epoch, 0x85ebca6b) ^ Math.imul(high, 0xc2b2ae35)) >>> 0
  );
}
