/**
 * The lines of a CSV file as places in a byte buffer: nothing is copied per line.
 *
 * Lines end in LF, or all in CR LF; the header line decides which, and a mixture is refused.
 * Empty and over-long lines are noted in `problems` and passed over.
 */
import type { CsvProblems } from './csv-problems.ts';
import { readTextChunks, TextFileError } from './text-chunks.ts';

/** Longest line; a real tick row has at most 100 bytes. */
export const LINE_BYTES_MAX = 1_024;

const LF = 0x0a;
const CR = 0x0d;

/** A cursor over the lines of one file. */
export class CsvLines {
  /** Name of the file in messages. */
  readonly name: string;
  /** The current line is `bytes[start..end)`, without its line end. */
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  /** Number of the current line; the header is 1. */
  line = 0;
  /** Whether reading failed; the problem is noted. */
  failed = false;
  private readonly chunks: AsyncGenerator<Buffer>;
  private readonly problems: CsvProblems;
  private position = 0;
  private ended = false;
  private crlf = false;
  private overlong = false;

  constructor(path: string, name: string, problems: CsvProblems) {
    this.name = name;
    this.problems = problems;
    this.chunks = readTextChunks(path);
  }

  /** Moves to the next line if it is in memory already; else `more` must be awaited. */
  next(): boolean {
    for (;;) {
      const lineEnd = this.bytes.indexOf(LF, this.position);
      if (lineEnd < 0) return false;
      const start = this.position;
      this.position = lineEnd + 1;
      if (this.take(start, lineEnd, 'ended')) return true;
    }
  }

  /** Reads on and moves to the next line; false at the end of the file or when it is unreadable. */
  async more(): Promise<boolean> {
    while (!this.ended) {
      const rest = this.bytes.subarray(this.position);
      const chunk = await this.nextChunk();
      if (chunk === undefined) {
        this.position = this.bytes.length;
        if (this.failed || this.overlong || rest.length === 0) return false;
        return this.take(this.bytes.length - rest.length, this.bytes.length, 'cut');
      }
      this.append(rest, chunk);
      if (this.next()) return true;
    }
    return false;
  }

  /** Stops reading. */
  async close(): Promise<void> {
    this.ended = true;
    await this.chunks.return(undefined);
  }

  private async nextChunk(): Promise<Buffer | undefined> {
    try {
      const chunk = await this.chunks.next();
      if (chunk.done !== true) return chunk.value;
    } catch (error) {
      if (!(error instanceof TextFileError)) throw error;
      this.problems.add({ file: this.name, line: 0, column: '', reason: error.message });
      this.failed = true;
    }
    this.ended = true;
    return undefined;
  }

  /** Puts a chunk behind the unfinished line; of an over-long line only its end is looked for. */
  private append(rest: Buffer, chunk: Buffer): void {
    if (rest.length > LINE_BYTES_MAX) {
      this.overlong = true;
      this.line += 1;
      this.refuseLong();
    }
    this.bytes = rest.length === 0 || this.overlong ? chunk : Buffer.concat([rest, chunk]);
    this.position = 0;
    if (!this.overlong) return;
    const lineEnd = chunk.indexOf(LF);
    this.position = lineEnd < 0 ? chunk.length : lineEnd + 1;
    this.overlong = lineEnd < 0;
  }

  /** `cut`: the last line of the file, which may lack its line end. */
  private take(start: number, lineEnd: number, how: 'ended' | 'cut'): boolean {
    this.line += 1;
    const hasCr = lineEnd > start && this.bytes[lineEnd - 1] === CR;
    if (this.line === 1) this.crlf = hasCr;
    const end = hasCr ? lineEnd - 1 : lineEnd;
    if (hasCr !== this.crlf && how === 'ended') {
      const [ends, header] = hasCr ? ['CR LF', 'LF'] : ['LF', 'CR LF'];
      this.refuse(`ends with ${ends}, the header with ${header}: use one kind of line end`);
      return false;
    }
    if (end === start) {
      this.refuse('is empty');
      return false;
    }
    if (end - start > LINE_BYTES_MAX) {
      this.refuseLong();
      return false;
    }
    this.start = start;
    this.end = end;
    return true;
  }

  private refuseLong(): void {
    this.refuse(`is longer than ${LINE_BYTES_MAX} bytes`);
  }

  private refuse(reason: string): void {
    this.problems.add({ file: this.name, line: this.line, column: '', reason });
  }
}
