/**
 * COPY through postgres.js, in both directions, in the binary format.
 *
 * Two traps of the driver (3.4.9) decide how it is done. When the server refuses a COPY at its
 * very end, the stream neither finishes nor fails; a statement sent right behind it tells: in the
 * failed transaction it is refused. And a reader that is slower than the server leaves the
 * socket paused when the rows end, so that the next statement of the connection never answers.
 */
import { once } from 'node:events';
import type { AnySql } from './any-sql.ts';

/** Bytes handed to the socket at once. */
const CHUNK_BYTES = 128 * 1024;

/** Signature, flags, length of the extension. */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TRAILER = Buffer.from([0xff, 0xff]);

/** The server refused rows of a COPY at its end; the transaction is lost. */
export class CopyRefusedError extends Error {
  readonly code = 'copy_refused';
  override readonly name = 'CopyRefusedError';
}

/**
 * Copies rows into a table, inside the transaction `tx`. `statement` is
 * "copy … from stdin (format binary)". Rejects when a row is refused.
 */
export async function copyIn(tx: AnySql, statement: string, rows: Uint8Array): Promise<void> {
  const stream = await tx.unsafe(statement).writable();
  const failed = once(stream, 'error').then(([error]) => {
    throw error as Error;
  });
  failed.catch(() => undefined);
  const write = (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      stream.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  const send = async (): Promise<void> => {
    await write(HEADER);
    for (let at = 0; at < rows.length; at += CHUNK_BYTES) {
      await write(rows.subarray(at, at + CHUNK_BYTES));
    }
    await write(TRAILER);
    // Nothing is pending now, so `end` sends CopyDone before the next statement is queued.
    stream.end();
    await tx`select 1`;
  };
  try {
    await Promise.race([send(), failed]);
  } catch (error) {
    if (!isAbortedTransaction(error)) throw error;
    throw new CopyRefusedError(`refused at its end: ${statement}`, { cause: error });
  }
}

/**
 * Reads "copy (…) to stdout (format binary)" whose rows are all `rowBytes` long and calls
 * `onRow` with a view and the offset of each row in it, valid during the call only.
 */
export async function copyOut(
  sql: AnySql,
  statement: string,
  rowBytes: number,
  onRow: (view: DataView, at: number) => void,
): Promise<void> {
  const stream = await sql.unsafe(statement).readable();
  const parser = new RowParser(rowBytes, onRow);
  // The rows are read to their end whatever happens: a stream that is left blocks the connection.
  let failure: unknown;
  stream.on('data', (chunk: Buffer) => {
    if (failure !== undefined) return;
    try {
      parser.add(chunk);
    } catch (error) {
      failure = error;
    }
  });
  await once(stream, 'end');
  // The driver's `read` resumes the socket; nobody else calls it after the end.
  stream._read(0);
  if (failure !== undefined) throw failure;
  if (!parser.isAtEnd()) throw new Error(`rows of another length: ${statement}`);
}

/** Cuts the bytes of a COPY, however they arrive, into rows. */
class RowParser {
  private readonly rowBytes: number;
  private readonly onRow: (view: DataView, at: number) => void;
  private rest: Buffer = Buffer.alloc(0);
  private isFirst = true;

  constructor(rowBytes: number, onRow: (view: DataView, at: number) => void) {
    this.rowBytes = rowBytes;
    this.onRow = onRow;
  }

  add(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let at = 0;
    if (this.isFirst && bytes.length >= HEADER.length) {
      at = HEADER.length;
      this.isFirst = false;
    }
    if (!this.isFirst) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (; at + this.rowBytes <= bytes.length; at += this.rowBytes) this.onRow(view, at);
    }
    this.rest = bytes.subarray(at);
  }

  isAtEnd(): boolean {
    return this.rest.equals(TRAILER);
  }
}

function isAbortedTransaction(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '25P02';
}
