/** The paths of the sockets, and upgrades that must be refused. */
import type { Target } from './operations.ts';
import { RawSocket } from './socket-client.ts';
import type { Tally } from './tally.ts';

export const PATHS = ['/stream', '/stream/', '/v2/iex', '/v2/sip', '/api/v1/stream'] as const;
export type Path = (typeof PATHS)[number];

/** Upgrades that must be refused, by HTTP status and code. */
export async function runUpgrades(target: Target, tally: Tally): Promise<void> {
  const { origin, cookie } = target;
  const platform = '/api/v1/stream';
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, number, string])[] = [
    ...[
      '/',
      '/nope',
      '/v2/otc',
      '/v2/iex/',
      '/V2/IEX',
      '/stream/x',
      '//stream',
      '/api/v1/streams',
    ].map((path) => [path, target.key, 404, '"code":"not_found"'] as const),
    [platform, {}, 401, '"code":"not_signed_in"'],
    [platform, { 'APCA-API-KEY-ID': 'x' }, 401, '"code":"not_signed_in"'],
    [platform, { cookie }, 403, '"code":"origin_foreign"'],
    [platform, { cookie, Origin: 'null' }, 403, '"code":"origin_foreign"'],
    [platform, { cookie, Origin: 'http://evil.example' }, 403, '"code":"origin_foreign"'],
    [platform, { cookie: 'rialto_session=x', Origin: origin }, 401, '"code":"not_signed_in"'],
    ...PATHS.flatMap((path) => [
      [path, { ...target.key, 'Sec-WebSocket-Key': 'short' }, 400, ''] as const,
      [path, { ...target.key, 'Sec-WebSocket-Version': '99' }, 400, ''] as const,
      [path, { ...target.key, Upgrade: 'h2c' }, 400, ''] as const,
    ]),
  ];
  for (const [path, headers, status, text] of cases) {
    await tally.run('sockets', `upgrade ${path} ${JSON.stringify(headers)}`, async () => {
      const socket = await RawSocket.open(origin, path, headers);
      const body = await socket.rest();
      const isRight = socket.status === status && body.includes(text);
      socket.destroy();
      return isRight ? undefined : `expected ${status} ${text}, got ${socket.head} ${body}`;
    });
  }
}
