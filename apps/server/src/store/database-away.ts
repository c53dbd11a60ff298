/**
 * Which errors of the database pass by themselves: it restarts, it is out of reach, its disk or
 * its connections are full. Whoever meets one waits and asks again; any other is a bug.
 */

/** What the driver calls a connection that broke or was not made. */
const BROKEN_CONNECTION: ReadonlySet<unknown> = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
]);

/** SQLSTATE: connection exceptions, insufficient resources, ended or not yet ready servers. */
const PASSING_STATE = /^(?:08\w{3}|53\w{3}|57P0[1-3])$/;

/** Whether the database may answer the same question later. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  const { code } = error;
  return BROKEN_CONNECTION.has(code) || (typeof code === 'string' && PASSING_STATE.test(code));
}
