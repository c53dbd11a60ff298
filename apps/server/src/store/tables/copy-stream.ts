/**
 * COPY through postgres.js, in both directions, in the binary format.
 *
 * A trap of the driver decides the shape of `copyIn`: when the server refuses a COPY at its
 * very end, the stream neither finishes nor fails. A statement sent right behind it tells: in
 * the failed transaction it is refused.
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
  let rest: Buffer = Buffer.alloc(0);
  let isFirst = true;
  for await (const chunk of stream) {
    const bytes = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    let at = 0;
    if (isFirst && bytes.length >= HEADER.length) {
      at = HEADER.length;
      isFirst = false;
    }
    if (!isFirst) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (; at + rowBytes <= bytes.length; at += rowBytes) onRow(view, at);
    }
    rest = bytes.subarray(at);
  }
  if (!rest.equals(TRAILER)) throw new Error(`rows of another length: ${statement}`);
}

function isAbortedTransaction(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '25P02';
}
