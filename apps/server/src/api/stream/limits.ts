/** The limits of every socket, in one place. docs/reference/streams.md lists them. */

/** Largest message a client may send, after its fragments are joined. */
export const MESSAGE_BYTES_MAX = 64 * 1024;

/** Most fragments of one client message. */
export const FRAGMENTS_MAX = 64;

/** Unread bytes per client before a market-data connection is closed (error 407). */
export const MARKET_DATA_CAP_BYTES = 4 * 1024 * 1024;

/** Unread bytes per client before a connection with private orders is closed (4008). */
export const PRIVATE_CAP_BYTES = 2 * 1024 * 1024;

/** Above this many unread bytes the platform stream holds market data back and counts it. */
export const CONFLATE_ABOVE_BYTES = 128 * 1024;

/** How long a client may take to authenticate by message. */
export const AUTH_WITHIN_MS = 10_000;

/** Failed attempts to authenticate before the connection is closed. */
export const AUTH_ATTEMPTS_MAX = 5;

/** A ping goes out this often; a client that answered none since the last one is cut. */
export const HEARTBEAT_MS = 15_000;

/** How long a closing handshake may take before the socket is destroyed. */
export const CLOSE_WITHIN_MS = 2_000;

/** Messages a client may send: this many at once, refilled at the rate per second. */
export const MESSAGES_BURST = 200;
export const MESSAGES_PER_SECOND = 50;

/** Open connections. */
export const CONNECTIONS_MAX = 10_000;
export const CONNECTIONS_PER_IP_MAX = 1_000;
export const CONNECTIONS_PER_ACCOUNT_MAX = 100;

/** Symbols in the subscriptions of one market-data connection, over all channels. */
export const MARKET_DATA_SYMBOLS_MAX = 20_000;

/** Longest symbol in a subscription. */
export const SYMBOL_LENGTH_MAX = 32;
