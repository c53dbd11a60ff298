/**
 * Fan-out: a message is framed once, appended to each subscriber's output, and written with one
 * socket write per client per turn.
 *
 * Feeds and sockets append frames to an `Outlet`; `FanOut` flushes all outlets that have output:
 * at the end of the turn when nothing was flushed for a while, else when `FLUSH_EVERY_MS` have
 * passed. A system call costs about as much as everything else together, so this is worth an
 * order of magnitude over one write per message (bench/ws.ts). What a client does not read stays
 * bounded: above its cap the outlet takes no more and tells its owner, who closes the connection.
 */
import type { Clock } from '../../runtime/clock.ts';
import type { ByteString } from './frame.ts';

/** Frames of a burst wait at most this long for each other. */
export const FLUSH_EVERY_MS = 4;

/** An outlet that holds this much is written without waiting for the others. */
const WRITE_AT_BYTES = 128 * 1024;

/** What an outlet needs of a socket. */
export interface OutletSocket {
  /** Bytes handed over and not yet taken by the kernel. */
  readonly writableLength: number;
  write(bytes: ByteString, encoding: 'latin1'): boolean;
}

/** The output of one client. */
export class Outlet {
  private readonly fanOut: FanOut;
  private readonly socket: OutletSocket;
  private readonly capBytes: number;
  private readonly onOverflow: () => void;
  private pending: ByteString = '';
  private closed = false;

  constructor(
    fanOut: FanOut,
    options: {
      readonly socket: OutletSocket;
      /** Most bytes that may wait for this client, in this process. */
      readonly capBytes: number;
      /** Called once, when the cap is passed; the outlet is closed by then. */
      readonly onOverflow: () => void;
    },
  ) {
    this.fanOut = fanOut;
    this.socket = options.socket;
    this.capBytes = options.capBytes;
    this.onOverflow = options.onOverflow;
  }

  /** Bytes waiting for the client: not yet written, or written and not yet taken. */
  get waitingBytes(): number {
    return this.pending.length + this.socket.writableLength;
  }

  /** Adds one whole frame; it leaves with the next flush. Ignored once the outlet is closed. */
  append(bytes: ByteString): void {
    if (this.closed) return;
    if (this.pending.length === 0) this.fanOut.enqueue(this);
    this.pending += bytes;
    if (this.pending.length >= WRITE_AT_BYTES) this.flush();
  }

  /** Writes what is pending, or closes the outlet when the client is too far behind. */
  flush(): void {
    if (this.pending.length === 0 || this.closed) return;
    if (this.waitingBytes > this.capBytes) {
      this.close();
      this.onOverflow();
      return;
    }
    const bytes = this.pending;
    this.pending = '';
    this.socket.write(bytes, 'latin1');
  }

  /** Drops what is pending and takes no more: the connection is closing. */
  close(): void {
    this.closed = true;
    this.pending = '';
  }
}

/** Flushes outlets in turns. One per process part that serves sockets. */
export class FanOut implements Disposable {
  private readonly clock: Clock;
  private dirty: Outlet[] = [];
  private spare: Outlet[] = [];
  private scheduled: Disposable | undefined;
  private lastFlushMs = -Infinity;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Notes an outlet that has output. Called by the outlet, once per flush. */
  enqueue(outlet: Outlet): void {
    this.dirty.push(outlet);
    if (this.scheduled === undefined) this.schedule();
  }

  /** Writes all pending output now. */
  flush(): void {
    this.scheduled?.[Symbol.dispose]();
    this.scheduled = undefined;
    this.lastFlushMs = this.clock.monotonicMs();
    const flushing = this.dirty;
    this.dirty = this.spare;
    for (const outlet of flushing) outlet.flush();
    flushing.length = 0;
    this.spare = flushing;
  }

  [Symbol.dispose](): void {
    this.scheduled?.[Symbol.dispose]();
    this.scheduled = undefined;
  }

  private schedule(): void {
    const restMs = this.lastFlushMs + FLUSH_EVERY_MS - this.clock.monotonicMs();
    if (restMs > 0) {
      this.scheduled = this.clock.after(restMs, () => {
        this.flush();
      });
      return;
    }
    const immediate = setImmediate(() => {
      this.flush();
    });
    this.scheduled = {
      [Symbol.dispose]: (): void => {
        clearImmediate(immediate);
      },
    };
  }
}
