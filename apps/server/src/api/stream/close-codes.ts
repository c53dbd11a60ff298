/** The WebSocket close codes the server uses, with the reason sent beside them. */

/** A close code and its reason. */
export interface CloseCode {
  readonly code: number;
  readonly reason: string;
}

/** Every way the server closes a socket on purpose; the table of docs/reference/streams.md. */
export const CLOSE = {
  shutdown: { code: 1001, reason: 'server_shutdown' },
  policy: { code: 1008, reason: 'too_many_messages' },
  internal: { code: 1011, reason: 'internal_error' },
  venueChanged: { code: 1012, reason: 'venue_changed' },
  authTimeout: { code: 4001, reason: 'auth_timeout' },
  authFailed: { code: 4003, reason: 'auth_failed' },
  connectionLimit: { code: 4006, reason: 'connection_limit' },
  slowConsumer: { code: 4008, reason: 'slow_consumer' },
} as const satisfies Record<string, CloseCode>;
