/**
 * One client connection: what all three sockets share.
 *
 * Data leaves through the outlet (batched, bounded), control frames through `ws`, on the same
 * TCP socket; both write whole frames only. Messages come in one after the other, also while
 * one of them waits (authentication). A fault in a session closes its own connection and no
 * other. Every closing handshake is bounded in time.
 */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Clock } from '../../runtime/clock.ts';
import type { Principal } from '../principal.ts';
import { CLOSE, type CloseCode } from './close-codes.ts';
import { type FanOut, Outlet, type OutletSocket } from './fan-out.ts';
import type { ByteString } from './frame.ts';
import { CLOSE_WITHIN_MS, MESSAGES_BURST, MESSAGES_PER_SECOND } from './limits.ts';

/** The protocol spoken on a connection. */
export interface Session {
  /** One whole client message. A returned promise holds back the next message. */
  onMessage(data: Buffer, isBinary: boolean): void | Promise<void>;
  /** The client has fallen too far behind; its outlet takes no more. Say so and close. */
  onSlow(): void;
  /** The account lives in another venue now; the connection closes right after. */
  onVenueChanged(venueId: string): void;
  /** The connection has ended; forget it. Called once. */
  onClosed(): void;
}

/** Messages that may wait behind one that is being worked on. */
const INBOX_MAX = 64;

interface Incoming {
  readonly data: Buffer;
  readonly isBinary: boolean;
}

/** A connection; `serve` starts it. */
export class Connection implements OutletSocket {
  readonly ip: string;
  readonly outlet: Outlet;
  /** Who is connected; set by `ConnectionRegistry.admit`. */
  principal: Principal | undefined;
  /** Whether the client has answered since the last ping. */
  answered = true;
  private readonly ws: WebSocket;
  private readonly socket: Duplex;
  private readonly clock: Clock;
  private readonly onFault: (error: unknown) => void;
  private readonly inbox: Incoming[] = [];
  private session: Session | undefined;
  private working = false;
  private closing: Disposable | undefined;
  private credit = MESSAGES_BURST;
  private creditAtMs: number;

  constructor(deps: {
    readonly ws: WebSocket;
    readonly socket: Duplex;
    readonly ip: string;
    readonly clock: Clock;
    readonly fanOut: FanOut;
    readonly capBytes: number;
    /** Told of faults in our own code, which close the connection. */
    readonly onFault: (error: unknown) => void;
  }) {
    this.ws = deps.ws;
    this.socket = deps.socket;
    this.ip = deps.ip;
    this.clock = deps.clock;
    this.onFault = deps.onFault;
    this.creditAtMs = deps.clock.monotonicMs();
    this.outlet = new Outlet(deps.fanOut, {
      socket: this,
      capBytes: deps.capBytes,
      onOverflow: () => this.session?.onSlow(),
    });
  }

  get writableLength(): number {
    return this.socket.writableLength;
  }

  get isOpen(): boolean {
    return this.ws.readyState === this.ws.OPEN;
  }

  /** Writes frames unless the closing handshake has begun (nothing may follow a close frame). */
  write(bytes: ByteString, encoding: 'latin1'): boolean {
    return this.isOpen && this.socket.write(bytes, encoding);
  }

  /** Listens to the client; `onEnded` is called once when the connection is gone. */
  serve(session: Session, onEnded: () => void): void {
    this.session = session;
    this.ws.on('message', (data, isBinary) => {
      this.receive({ data: data as Buffer, isBinary });
    });
    this.ws.on('pong', () => {
      this.answered = true;
    });
    // A protocol error of the client: ws has sent the close frame; 'close' follows.
    this.ws.on('error', () => undefined);
    this.ws.once('close', () => {
      this.closing?.[Symbol.dispose]();
      this.outlet.close();
      this.inbox.length = 0;
      session.onClosed();
      onEnded();
    });
  }

  /** Sends one frame with the next flush. */
  send(bytes: ByteString): void {
    this.outlet.append(bytes);
  }

  /** Sends a last frame past a closed outlet, then closes. */
  closeAfter(payload: string | Uint8Array, code: CloseCode): void {
    this.outlet.flush();
    if (this.isOpen) this.ws.send(payload);
    this.close(code);
  }

  /** Sends what is pending, then the close frame; destroys the socket if no answer comes. */
  close({ code, reason }: CloseCode): void {
    this.outlet.flush();
    // The flush may find the client too slow, and close already.
    if (this.closing !== undefined) return;
    this.outlet.close();
    this.closing = this.clock.after(CLOSE_WITHIN_MS, () => {
      this.ws.terminate();
    });
    this.ws.close(code, reason);
  }

  /** Asks for a sign of life, or cuts the connection when the last ping was not answered. */
  heartbeat(): void {
    if (!this.answered) {
      this.ws.terminate();
      return;
    }
    this.answered = false;
    if (this.isOpen) this.ws.ping();
  }

  /** Tells the session and closes: the account's venue was replaced by `venueId`. */
  venueChanged(venueId: string): void {
    this.session?.onVenueChanged(venueId);
    this.close(CLOSE.venueChanged);
  }

  /** Runs `work` before any further message of the client is looked at. */
  first(work: () => Promise<void>): void {
    this.working = true;
    void this.finish(work());
  }

  private receive(incoming: Incoming): void {
    this.answered = true;
    if (this.closing !== undefined) return;
    if (!this.takeCredit() || this.inbox.length >= INBOX_MAX) {
      this.close(CLOSE.policy);
      return;
    }
    this.inbox.push(incoming);
    if (!this.working) this.work();
  }

  private work(): void {
    for (let next = this.inbox.shift(); next !== undefined; next = this.inbox.shift()) {
      try {
        const unfinished = this.session?.onMessage(next.data, next.isBinary);
        if (unfinished instanceof Promise) {
          this.working = true;
          void this.finish(unfinished);
          return;
        }
      } catch (error) {
        this.fault(error);
      }
    }
  }

  private async finish(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.fault(error);
    }
    this.working = false;
    this.work();
  }

  private fault(error: unknown): void {
    this.onFault(error);
    this.inbox.length = 0;
    this.close(CLOSE.internal);
  }

  private takeCredit(): boolean {
    const nowMs = this.clock.monotonicMs();
    const earned = ((nowMs - this.creditAtMs) / 1_000) * MESSAGES_PER_SECOND;
    this.credit = Math.min(MESSAGES_BURST, this.credit + earned);
    this.creditAtMs = nowMs;
    if (this.credit < 1) return false;
    this.credit--;
    return true;
  }
}
