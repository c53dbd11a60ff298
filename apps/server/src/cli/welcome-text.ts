/** What the terminal shows once everything runs: for people, or as one JSON line for programs. */
import type { Settings } from '../config/settings.ts';
import type { ApiRole } from '../roles/api-role.ts';
import type { Welcome } from '../roles/first-venue.ts';
import { clientLines } from './client-lines.ts';

/** The start-up facts; `npm start -- --json` prints them as they are. */
export interface StartFacts {
  readonly url: string | null;
  readonly tls_url?: string;
  readonly sign_in_url: string | null;
  readonly key_id: string;
  readonly secret: string;
  readonly venue: string;
  readonly data_dir: string;
  readonly pid: number;
}

/** Gathers the facts; URLs are null in a process that does not serve the API. */
export function startFacts(
  settings: Settings,
  { venueId, keyId, secret, signInToken }: Welcome,
  api: ApiRole | undefined,
): StartFacts {
  return {
    url: api?.url ?? null,
    ...(api?.tlsUrl === undefined ? {} : { tls_url: api.tlsUrl }),
    sign_in_url: api === undefined ? null : `${api.url}/sign-in/${signInToken}`,
    key_id: keyId,
    secret,
    venue: venueId,
    data_dir: settings.dataDir,
    pid: process.pid,
  };
}

/** The facts for a person: where to look, and how each official SDK is pointed here. */
export function welcomeText(facts: StartFacts): string {
  if (facts.url === null) return `\nRialto runs without the API (pid ${facts.pid}).\n`;
  const { url } = facts;
  const socket = url.replace(/^http/, 'ws');
  return `
Rialto is running.

  page      ${url}
  sign in   ${facts.sign_in_url ?? ''}   (works once)
  docs      ${url}/docs
  data      ${facts.data_dir}

  API key   ${facts.key_id}
  secret    ${facts.secret}

Point a bot here:

  environment (read by alpaca-trade-api of JavaScript, 3.x, and of Python)
    APCA_API_KEY_ID=${facts.key_id}
    APCA_API_SECRET_KEY=${facts.secret}
    APCA_API_BASE_URL=${url}
    APCA_DATA_BASE_URL=${url}     (Python: APCA_API_DATA_URL)
    APCA_API_STREAM_URL=${facts.tls_url ?? '(needs TLS: start with RIALTO_TLS_PORT=8443)'}

${scriptClients(url)}

  alpaca-py
    TradingClient(key, secret, url_override='${url}')
    StockHistoricalDataClient(key, secret, url_override='${url}')
    TradingStream(key, secret, url_override='${socket}/stream')
    StockDataStream(key, secret, url_override='${socket}/v2/iex')

  Go (alpaca-trade-api-go)
    alpaca.ClientOpts{BaseURL: "${url}"}, marketdata.ClientOpts{BaseURL: "${url}"}
    stream.WithBaseURL("${url}/v2")

Ctrl-C stops everything. Nothing that was acknowledged is lost.
`;
}

function scriptClients(url: string): string {
  return Object.entries(clientLines(url))
    .map(([client, lines]) => [`  ${client}`, ...lines.map((line) => `    ${line}`)].join('\n'))
    .join('\n\n');
}
