/** The fan-out workload: 500 clients, 50 of 1,000 symbols each, 200 prints a tick. */

export const CLIENTS = 500;
export const SYMBOLS = 1_000;
export const SUBSCRIPTIONS = 50;
/** Prints per tick; each client is subscribed to a twentieth of them. */
export const PRINTS_PER_TICK = 200;
export const DELIVERIES_PER_TICK = (CLIENTS * SUBSCRIPTIONS * PRINTS_PER_TICK) / SYMBOLS;

/** The kinds of server that are compared. */
export const KINDS = ['rialto', 'ws', 'socket.io'] as const;
export type Kind = (typeof KINDS)[number];

export function symbolOf(index: number): string {
  return `S${String(index).padStart(4, '0')}`;
}

/** The symbols of a client: an even spread, so that each symbol has the same number of clients. */
export function symbolsOf(client: number): readonly number[] {
  return Array.from(
    { length: SUBSCRIPTIONS },
    (_, k) => (client * SUBSCRIPTIONS + k * (SYMBOLS / SUBSCRIPTIONS + 1)) % SYMBOLS,
  );
}

/** The instrument of the n-th print of a tick. */
export function printedIn(tick: number, n: number): number {
  return (tick * 7 + n * (SYMBOLS / PRINTS_PER_TICK)) % SYMBOLS;
}

/** Parent → server. */
export type Order =
  | { readonly type: 'run'; readonly ticks: number }
  | { readonly type: 'stall'; readonly ticks: number };

/** Server → parent. */
export type Report =
  | { readonly type: 'listening'; readonly port: number }
  | {
      readonly type: 'ran';
      /** User and system time of the server process, and what it sent. */
      readonly cpuMs: number;
      readonly deliveries: number;
    }
  | {
      readonly type: 'stalled';
      /** Most bytes that waited for one client, and the close codes given. */
      readonly waitingBytesMax: number;
      readonly rssGrowthMb: number;
      readonly open: number;
    };
