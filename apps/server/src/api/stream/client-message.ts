/** Reads what clients send: JSON or MessagePack, bounded, never trusted. */
import { decode } from '@msgpack/msgpack';
import { MESSAGE_BYTES_MAX } from './limits.ts';
import type { Encoding } from './topic.ts';

/** A client message: an object with any fields. */
export type ClientMessage = Readonly<Record<string, unknown>>;

/** No text, array or map inside a message can be longer than the message itself. */
const MSGPACK_LIMITS = {
  maxStrLength: MESSAGE_BYTES_MAX,
  maxBinLength: MESSAGE_BYTES_MAX,
  maxArrayLength: MESSAGE_BYTES_MAX,
  maxMapLength: MESSAGE_BYTES_MAX,
  maxExtLength: MESSAGE_BYTES_MAX,
};

/**
 * Reads a message; `undefined` when it is not exactly one object. Text frames hold JSON, binary
 * frames the connection's encoding (some clients send their JSON in binary frames).
 */
export function readClientMessage(
  data: Buffer,
  isBinary: boolean,
  encoding: Encoding,
): ClientMessage | undefined {
  try {
    const value: unknown =
      isBinary && encoding === 'msgpack'
        ? decode(data, MSGPACK_LIMITS)
        : JSON.parse(data.toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value is an object and neither null nor an array. */
export function isObject(value: unknown): value is ClientMessage {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The encoding a client asks for in the headers of its upgrade request. */
export function requestedEncoding(contentType: string | undefined): Encoding {
  return contentType?.trim().toLowerCase().startsWith('application/msgpack') === true
    ? 'msgpack'
    : 'json';
}
