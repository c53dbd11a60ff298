/** Who may: keys, cookies, methods, paths that do not exist. One set per documented operation. */
import { commonError, type Expected, problem, status } from './expected.ts';
import type { HttpCase } from './http-case.ts';
import { blankOf, isOpen, type Operation, pathOf, type Target } from './operations.ts';
import type { Random } from './random.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const JSON_TYPE = { 'content-type': 'application/json' };
/** A session that was never opened, of the right form. */
const FORGED_COOKIE = `rialto_session=rst_${'a'.repeat(43)}`;
const OWN_PAGE = { 'x-rialto-page': '1' };

/** All cases. `addressOf` gives each operation a client address of its own: wrong keys are counted. */
export function accessCases(
  target: Target,
  random: Random,
  addressOf: ((index: number) => string) | undefined,
): readonly HttpCase[] {
  const closed = target.operations.filter((operation) => !isOpen(operation));
  return [
    ...closed.flatMap((operation) => withoutKey(operation, target)),
    ...(addressOf === undefined ? [] : closed).flatMap((operation, index) =>
      withWrongKey(operation, target, addressOf?.(index) ?? ''),
    ),
    ...closed.flatMap((operation) => withCookie(operation, target)),
    ...wrongMethods(target),
    ...unknownPaths(target, random),
  ];
}

/** A body that the route would take: who is asking is looked at first or last, never the body. */
function goodBody({ template, hasBody }: Operation): { readonly body?: string } {
  if (!hasBody) return {};
  return { body: template.endsWith('/clock') ? '{"paused":true}' : '{}' };
}

function base(
  operation: Operation,
  target: Target,
): { method: string; path: string; body?: string } {
  const path = pathOf(operation.template, target);
  return { method: operation.method, path, ...goodBody(operation) };
}

function unauthorized(template: string): Expected {
  return template === '/api/v1/session'
    ? problem('not_signed_in')
    : commonError(template, 'unauthorized');
}

function withoutKey(operation: Operation, target: Target): readonly HttpCase[] {
  const expected = unauthorized(operation.template);
  return [{}, { cookie: 'a=b' }, { cookie: 'rialto_session=' }].map((extra) => ({
    label: 'no credentials',
    request: { ...base(operation, target), headers: { ...JSON_TYPE, ...extra } },
    expected,
  }));
}

function withWrongKey(operation: Operation, target: Target, from: string): readonly HttpCase[] {
  const id = target.key['APCA-API-KEY-ID'] ?? '';
  const secret = target.key['APCA-API-SECRET-KEY'] ?? '';
  const pair = (keyId: string, secretKey: string): Record<string, string> => ({
    'APCA-API-KEY-ID': keyId,
    'APCA-API-SECRET-KEY': secretKey,
  });
  const basic = (text: string): Record<string, string> => ({
    authorization: `Basic ${Buffer.from(text).toString('base64')}`,
  });
  const wrong: readonly Readonly<Record<string, string>>[] = [
    { 'APCA-API-KEY-ID': id },
    { 'APCA-API-SECRET-KEY': secret },
    pair(id, `${secret}x`),
    pair(id.toLowerCase(), secret),
    pair('', ''),
    pair(`${id}, ${id}`, secret),
    pair('__proto__', 'constructor'),
    pair(id, 'x'.repeat(4_000)),
    { authorization: `Bearer ${secret}` },
    { authorization: 'Basic ====' },
    basic(`${id}${secret}`),
    basic(`${id}:${secret.slice(0, -1)}`),
  ];
  return wrong.map((headers) => ({
    label: 'wrong key',
    request: { ...base(operation, target), headers: { ...JSON_TYPE, ...headers }, from },
    expected: unauthorized(operation.template),
  }));
}

function withCookie(operation: Operation, target: Target): readonly HttpCase[] {
  const request = base(operation, target);
  const send = (label: string, headers: Record<string, string>, expected: Expected): HttpCase => ({
    label,
    request: { ...request, headers: { ...JSON_TYPE, ...headers } },
    expected,
  });
  const unknown = unauthorized(operation.template);
  if (operation.method === 'GET') {
    return [send('forged cookie', { cookie: FORGED_COOKIE }, unknown)];
  }
  const { cookie, origin } = target;
  const refused = commonError(operation.template, 'not_from_page');
  const own = { ...OWN_PAGE, origin };
  return [
    send('forged cookie', { cookie: FORGED_COOKIE, ...own }, unknown),
    send('cookie without the page header', { cookie, origin }, refused),
    send('cookie with a wrong page header', { cookie, origin, 'x-rialto-page': 'true' }, refused),
    send('cookie without Origin', { cookie, ...OWN_PAGE }, refused),
    send(
      'cookie of another origin',
      { cookie, ...OWN_PAGE, origin: 'http://evil.example' },
      refused,
    ),
    send('cookie of origin null', { cookie, ...OWN_PAGE, origin: 'null' }, refused),
    send('cookie of another port', { cookie, ...OWN_PAGE, origin: 'http://127.0.0.1:1' }, refused),
  ];
}

function wrongMethods(target: Target): readonly HttpCase[] {
  const byPath = new Map<string, Set<string>>();
  for (const { template, method } of target.operations) {
    const taken = byPath.get(template) ?? new Set();
    taken.add(method);
    if (method === 'GET') taken.add('HEAD');
    byPath.set(template, taken);
  }
  return [...byPath].flatMap(([template, taken]) =>
    METHODS.filter((method) => !taken.has(method)).map((method) => ({
      label: 'wrong method',
      request: { method, path: pathOf(template, target), headers: target.key },
      expected: { ...commonError(template, 'method_not_allowed'), allow: [...taken] },
    })),
  );
}

function unknownPaths(target: Target, random: Random): readonly HttpCase[] {
  const templates = [...new Set(target.operations.map(({ template }) => template))];
  const below = templates.flatMap((template) => {
    const path = pathOf(template, target);
    const paths = [`${path}/nope/nope`, `${path}/%2e%2e/nope`, `${path}/${'x'.repeat(150)}/y`];
    return blankOf(template) === undefined ? [...paths, `${path}x`] : paths;
  });
  const elsewhere = Array.from({ length: 60 }, () => `/${encodeURIComponent(random.text())}`);
  const files = ['/..%2f..%2fetc%2fpasswd', '/%2e%2e/%2e%2e/package.json', '/.env', '/assets/../x'];
  const others = [
    ...files,
    '/v1/account',
    '/v3/orders',
    '/v4/x',
    '/debug/pprof',
    '//v2/account',
    '/v2/',
  ];
  const unknown = [...below, ...elsewhere, ...others].map((path) => ({
    label: 'unknown path',
    request: { method: 'GET', path, headers: target.key },
    expected: commonError(path, 'route_unknown'),
  }));
  const malformed = ['/%zz', '/v2/orders/%', '/v2/assets/%c0%af', '/api/v1/venues/%e0%a4%a'].map(
    (path) => ({
      label: 'malformed path',
      request: { method: 'GET', path, headers: target.key },
      expected: commonError(path, 'url_invalid'),
    }),
  );
  const links = ['x', `rsl_${'b'.repeat(43)}`, '%00', 'rst_x'].map((token) => ({
    label: 'wrong sign-in link',
    request: { method: 'GET', path: `/sign-in/${token}` },
    expected: status(410),
  }));
  return [...unknown, ...malformed, ...links];
}
