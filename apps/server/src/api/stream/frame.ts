/**
 * Server-to-client WebSocket frames (RFC 6455 §5.2) as byte strings.
 *
 * A byte string is a latin1 string in which each character is one byte. Frames made once can be
 * appended to many clients' output by `+=`, which V8 does without copying, and leave the process
 * with one `socket.write(text, 'latin1')`. Measured against copying Buffers: bench/ws.ts and
 * docs/reference/streams.md.
 */

/** Bytes as text: every character is one byte (0–255). */
export type ByteString = string;

export const OPCODE_TEXT = 0x1;
export const OPCODE_BINARY = 0x2;
export type DataOpcode = typeof OPCODE_TEXT | typeof OPCODE_BINARY;

const FIN = 0x80;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** Bytes as a byte string. */
export function byteString(bytes: Uint8Array): ByteString {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** UTF-8 of a text as a byte string; the text itself when it is ASCII, as nearly always here. */
export function utf8ByteString(text: string): ByteString {
  return Buffer.byteLength(text) === text.length ? text : byteString(Buffer.from(text));
}

/** One unfragmented, unmasked, uncompressed frame around `payload`. */
export function frame(opcode: DataOpcode, payload: ByteString): ByteString {
  return flat(header(opcode, payload.length) + payload);
}

/** A text frame that holds JSON. */
export function jsonFrame(text: string): ByteString {
  return frame(OPCODE_TEXT, utf8ByteString(text));
}

function header(opcode: DataOpcode, length: number): ByteString {
  const first = String.fromCharCode(FIN | opcode);
  if (length < LENGTH_16) return first + String.fromCharCode(length);
  if (length <= 0xffff) return first + String.fromCharCode(LENGTH_16, length >>> 8, length & 0xff);
  // The upper 32 bits of the 64-bit length are zero: no payload here comes near 4 GiB.
  return (
    first +
    String.fromCharCode(LENGTH_64, 0, 0, 0, 0) +
    String.fromCharCode(length >>> 24, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff)
  );
}

/**
 * The same text in one piece. A concatenated string is a tree of its parts, which would be walked
 * again for every client that gets the frame.
 */
function flat(text: ByteString): ByteString {
  return Buffer.from(text, 'latin1').toString('latin1');
}
