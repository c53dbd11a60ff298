/**
 * All open connections: how many there may be, who is still alive, and closing them together.
 */
import type { Clock } from '../../runtime/clock.ts';
import type { Principal } from '../principal.ts';
import { CLOSE, type CloseCode } from './close-codes.ts';
import type { Connection } from './connection.ts';
import {
  CONNECTIONS_MAX,
  CONNECTIONS_PER_ACCOUNT_MAX,
  CONNECTIONS_PER_IP_MAX,
  HEARTBEAT_MS,
} from './limits.ts';

/** Adds and removes counts per key, forgetting keys that are back at zero. */
class Counter {
  private readonly counts = new Map<string, number>();

  of(key: string): number {
    return this.counts.get(key) ?? 0;
  }

  add(key: string, change: 1 | -1): void {
    const count = this.of(key) + change;
    if (count === 0) this.counts.delete(key);
    else this.counts.set(key, count);
  }
}

function accountKey({ venueId, account }: Principal): string {
  return `${venueId}/${account}`;
}

/** The open connections of this process. */
export class ConnectionRegistry implements AsyncDisposable {
  private readonly clock: Clock;
  private readonly connections = new Set<Connection>();
  private readonly perIp = new Counter();
  private readonly perAccount = new Counter();
  private heartbeat: Disposable;
  private drained: (() => void) | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
    this.heartbeat = this.beatLater();
  }

  get size(): number {
    return this.connections.size;
  }

  /** Whether one more connection from this address may be opened. */
  hasRoomFor(ip: string): boolean {
    return this.connections.size < CONNECTIONS_MAX && this.perIp.of(ip) < CONNECTIONS_PER_IP_MAX;
  }

  add(connection: Connection): void {
    this.connections.add(connection);
    this.perIp.add(connection.ip, 1);
  }

  /** Forgets a connection that has ended. */
  remove(connection: Connection): void {
    if (!this.connections.delete(connection)) return;
    this.perIp.add(connection.ip, -1);
    if (connection.principal !== undefined) {
      this.perAccount.add(accountKey(connection.principal), -1);
    }
    if (this.connections.size === 0) this.drained?.();
  }

  /** Binds a connection to its caller; false when the account has too many already. */
  admit(connection: Connection, principal: Principal): boolean {
    const key = accountKey(principal);
    if (this.perAccount.of(key) >= CONNECTIONS_PER_ACCOUNT_MAX) return false;
    // A connection that ended while it was being authenticated is not counted.
    if (this.connections.has(connection)) {
      connection.principal = principal;
      this.perAccount.add(key, 1);
    }
    return true;
  }

  /** Closes the connections whose caller matches. */
  closeWhere(matches: (principal: Principal) => boolean, code: CloseCode): void {
    for (const connection of this.connections) {
      if (connection.principal !== undefined && matches(connection.principal)) {
        connection.close(code);
      }
    }
  }

  /** Tells everyone in venue `from` that it was replaced by `to`, and closes. */
  venueChanged(from: string, to: string): void {
    for (const connection of this.connections) {
      if (connection.principal?.venueId === from) connection.venueChanged(to);
    }
  }

  /** Closes all connections and resolves when they are gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.heartbeat[Symbol.dispose]();
    if (this.connections.size === 0) return;
    const drained = new Promise<void>((resolve) => {
      this.drained = resolve;
    });
    for (const connection of this.connections) connection.close(CLOSE.shutdown);
    await drained;
  }

  private beatLater(): Disposable {
    return this.clock.after(HEARTBEAT_MS, () => {
      for (const connection of this.connections) connection.heartbeat();
      this.heartbeat = this.beatLater();
    });
  }
}
