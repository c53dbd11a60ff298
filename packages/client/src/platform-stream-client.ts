/**
 * The platform stream, kept alive: connect, subscribe, notice silence, connect again.
 *
 * States:
 *   connecting    the first connection, or the next after a venue changed
 *   live          `hello` came and the last frame is younger than 3 s
 *   stale         the socket stands, but nothing came for 3 s (the clock is sent every second)
 *   reconnecting  the socket is gone or was given up after 10 s of silence
 *   closed        `close()` was called
 *
 * The wanted subscription is kept and sent after every `hello`, so a listener only says once
 * what it wants. `venue_changed` drops the connection and makes a new one at once: the next
 * `hello` names the new venue. One clock is read: the one given, or `performance.now`.
 */
import type { StreamMessage, SubscribeMessage } from '@rialto/contracts/stream/platform-stream';
import { backoffDelayMs } from './backoff.ts';

const STALE_AFTER_MS = 3_000;
const GIVE_UP_AFTER_MS = 10_000;
const WATCH_EVERY_MS = 500;

/** Where the connection stands; see the top of this file. */
export type StreamState = 'connecting' | 'live' | 'stale' | 'reconnecting' | 'closed';

/** What is wanted from the stream. */
export type Subscription = Omit<SubscribeMessage, 'action'>;

/** How to reach the stream and whom to tell. */
export interface PlatformStreamOptions {
  /** `ws://…/api/v1/stream`. */
  readonly url: string;
  readonly onMessage: (message: StreamMessage) => void;
  readonly onState: (state: StreamState) => void;
  readonly openSocket?: (url: string) => WebSocket;
}

/** One connection to the platform stream that outlives its sockets. */
export class PlatformStreamClient {
  readonly #options: PlatformStreamOptions;
  #socket: WebSocket | undefined;
  #state: StreamState = 'closed';
  #subscription: Subscription = { quotes: [], trades: [], bars: [] };
  #greeted = false;
  #failures = 0;
  #heardAtMs = 0;
  #reconnectTimer: ReturnType<typeof setTimeout> | undefined;
  #watchTimer: ReturnType<typeof setInterval> | undefined;

  constructor(options: PlatformStreamOptions) {
    this.#options = options;
  }

  /** Connects, and keeps connecting until `close`. */
  open(): void {
    if (this.#state !== 'closed') return;
    this.#watchTimer = setInterval(() => this.#watch(), WATCH_EVERY_MS);
    this.#connect('connecting');
  }

  /** Says what is wanted from now on; it replaces what was wanted before. */
  subscribe(subscription: Subscription): void {
    this.#subscription = subscription;
    if (this.#greeted) this.#sendSubscription();
  }

  /** Ends the connection for good. */
  close(): void {
    clearInterval(this.#watchTimer);
    clearTimeout(this.#reconnectTimer);
    this.#dropSocket();
    this.#enter('closed');
  }

  #connect(state: StreamState): void {
    clearTimeout(this.#reconnectTimer);
    this.#dropSocket();
    this.#enter(state);
    const open = this.#options.openSocket ?? ((url: string) => new WebSocket(url));
    const socket = open(this.#options.url);
    this.#socket = socket;
    this.#heardAtMs = performance.now();
    // A socket that was dropped may still speak: only the present one is listened to.
    socket.addEventListener('message', (event) => {
      if (this.#socket === socket) this.#hear(String(event.data));
    });
    socket.addEventListener('close', () => {
      if (this.#socket === socket) this.#retryLater();
    });
  }

  #hear(text: string): void {
    const message = readMessage(text);
    if (message === undefined) return;
    this.#heardAtMs = performance.now();
    if (message.type === 'hello') {
      this.#greeted = true;
      this.#failures = 0;
      this.#sendSubscription();
    }
    if (this.#greeted) this.#enter('live');
    this.#options.onMessage(message);
    if (message.type === 'venue_changed') this.#connect('connecting');
  }

  #watch(): void {
    if (this.#state === 'closed' || this.#socket === undefined) return;
    const silentMs = performance.now() - this.#heardAtMs;
    if (silentMs > GIVE_UP_AFTER_MS) this.#retryLater();
    else if (silentMs > STALE_AFTER_MS && this.#state === 'live') this.#enter('stale');
  }

  #retryLater(): void {
    this.#dropSocket();
    this.#enter('reconnecting');
    const delayMs = backoffDelayMs(this.#failures);
    this.#failures += 1;
    this.#reconnectTimer = setTimeout(() => this.#connect('reconnecting'), delayMs);
  }

  #sendSubscription(): void {
    this.#socket?.send(JSON.stringify({ action: 'subscribe', ...this.#subscription }));
  }

  #dropSocket(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#greeted = false;
    socket?.close();
  }

  #enter(state: StreamState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.onState(state);
  }
}

/** A frame that is not JSON with a type is skipped: it would be a defect of the server. */
function readMessage(text: string): StreamMessage | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isMessage = typeof value === 'object' && value !== null && 'type' in value;
    return isMessage ? (value as StreamMessage) : undefined;
  } catch {
    return undefined;
  }
}
