/**
 * A file as chunks of text bytes: plain or gzip, told apart by their first bytes.
 *
 * Refuses what is no such file before anything is parsed: UTF-16, zip archives, cut gzip
 * streams, and gzip bombs (text far longer than any recording compresses to). The text is never
 * held whole: a chunk is at most 256 KiB.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/** The file cannot be read as text; the message says why, in words. */
export class TextFileError extends Error {
  readonly code = 'text_file_unreadable';
  override readonly name = 'TextFileError';
}

/** Longest text of one file, 8 GiB. */
export const TEXT_BYTES_MAX = 8 * 2 ** 30;

/** Bytes of text per byte of gzip: recordings reach 20, a bomb 1,000. */
export const GZIP_RATIO_MAX = 100;

const CHUNK_BYTES = 256 * 1024;
/** Short texts may compress better than the ratio allows. */
const RATIO_CHECKED_FROM_BYTES = 16 * 2 ** 20;

/**
 * The text of a file, chunk by chunk, without its UTF-8 byte order mark.
 * @throws {TextFileError} when it is missing, unreadable, not UTF-8 or too long
 */
export async function* readTextChunks(path: string): AsyncGenerator<Buffer> {
  const head = await readHead(path);
  const gzip = head[0] === 0x1f && head[1] === 0x8b;
  if (head[0] === 0x50 && head[1] === 0x4b) {
    throw new TextFileError('is a zip archive: unpack it, or compress the CSV with gzip');
  }
  let first = true;
  for await (const chunk of gzip ? gunzipped(path) : plain(path)) {
    yield first ? withoutMark(chunk) : chunk;
    first = false;
  }
}

async function readHead(path: string): Promise<Buffer> {
  try {
    const file = await open(path, 'r');
    try {
      if ((await file.stat()).isDirectory()) throw new TextFileError('is a directory');
      const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw asTextFileError(error);
  }
}

async function* plain(path: string): AsyncGenerator<Buffer> {
  const limit = new TextLimit(undefined);
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
      limit.count(chunk as Buffer);
      yield chunk as Buffer;
    }
  } catch (error) {
    throw asTextFileError(error);
  }
}

async function* gunzipped(path: string): AsyncGenerator<Buffer> {
  const packed = new CountingTransform();
  const limit = new TextLimit(packed);
  const source = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const piped = pipeline(source, packed, gunzip);
  // The iteration below sees the same failure; without this it would also be unhandled.
  piped.catch(() => undefined);
  try {
    for await (const chunk of gunzip) {
      limit.count(chunk as Buffer);
      yield chunk as Buffer;
    }
    await piped;
  } catch (error) {
    throw asTextFileError(error);
  } finally {
    source.destroy();
  }
}

class CountingTransform extends Transform {
  bytes = 0;

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.bytes += chunk.length;
    done(null, chunk);
  }
}

class TextLimit {
  private bytes = 0;
  private readonly packed: CountingTransform | undefined;

  constructor(packed: CountingTransform | undefined) {
    this.packed = packed;
  }

  count(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.bytes > TEXT_BYTES_MAX) {
      throw new TextFileError(`holds more than ${TEXT_BYTES_MAX} bytes of text`);
    }
    const bomb =
      this.packed !== undefined &&
      this.bytes > RATIO_CHECKED_FROM_BYTES &&
      this.bytes > this.packed.bytes * GZIP_RATIO_MAX;
    if (bomb) {
      throw new TextFileError(
        `unpacks to more than ${GZIP_RATIO_MAX} times its size: this is no recording`,
      );
    }
  }
}

function withoutMark(chunk: Buffer): Buffer {
  const [a, b, c] = chunk;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || a === 0 || b === 0) {
    throw new TextFileError('is UTF-16 or binary: save it as UTF-8');
  }
  return a === 0xef && b === 0xbb && c === 0xbf ? chunk.subarray(3) : chunk;
}

function asTextFileError(error: unknown): Error {
  if (error instanceof TextFileError) return error;
  if (!(error instanceof Error)) return new TextFileError(String(error));
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return new TextFileError('does not exist', { cause: error });
  if (code === 'EACCES') return new TextFileError('may not be read', { cause: error });
  if (code.startsWith('Z_')) {
    return new TextFileError(`is a damaged or cut gzip file (${error.message})`, { cause: error });
  }
  return new TextFileError(`cannot be read (${error.message})`, { cause: error });
}
