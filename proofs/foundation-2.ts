/**
 * `npm run proof foundation-2`: the official JavaScript SDKs, as they come from npm, trade and
 * read market data here. Each client is made by the lines that `npm start` prints.
 *
 * SDK 3 insists on TLS for its data socket unless its URL is changed; both ways are shown, TLS in
 * a process of its own (this file with the argument `tls-client`), whose client is made by the
 * environment variables alone and accepts the self-signed certificate.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Venue } from '@rialto/contracts/platform/platform-api';
import type { Bot } from './foundation-2/bot.ts';
import { type Arrived, type LiveSocket, runLive } from './foundation-2/live-scenario.ts';
import { RecordedDay } from './foundation-2/recorded-day.ts';
import { RestScenario } from './foundation-2/rest-scenario.ts';
import { sdk3Bot, sdk3EnvironmentMarketData } from './foundation-2/sdk-3.ts';
import { sdk4Bot } from './foundation-2/sdk-4.ts';
import { SentRequests } from './foundation-2/sent-requests.ts';
import { typescriptSdkBot } from './foundation-2/typescript-sdk.ts';
import { restartPaused } from './foundation-2/venue-clock.ts';
import { Report } from './support/report.ts';
import { type RialtoProcess, startRialto } from './support/rialto-process.ts';

const TLS_CLIENT = 'tls-client';
const START_MS = 30_000;

async function prove(): Promise<void> {
  const report = new Report(
    'foundation-2',
    'the SDKs of npm, unmodified, against a running server',
  );
  const dataDir = await mkdtemp(join(tmpdir(), 'rialto-foundation-2-'));
  const recorded = { bac: new RecordedDay('BAC'), ibm: new RecordedDay('IBM') };
  const requests = new SentRequests();
  try {
    await using server = await startRialto({ dataDir, env: { RIALTO_TLS_PORT: '0' } });
    const { url, key_id: keyId, secret } = server;
    const sdk3 = sdk3Bot(url, { keyId, secretKey: secret });
    const meetings: readonly (readonly [bot: Bot, at: string])[] = [
      [sdk3, '2013-10-07T14:00:00.500Z'],
      [sdk4Bot(url, { keyId, secret }), '2013-10-07T14:10:00.250Z'],
      [typescriptSdkBot(url, { key: keyId, secret }), '2013-10-07T14:20:00.750Z'],
    ];
    for (const [bot, at] of meetings) {
      const venue = await restartPaused(server, at);
      requests.take();
      await new RestScenario(bot, report, { at, ...recorded }).run(requests);
      const sent = requests.take();
      report.note(`${bot.name} sent ${sent.length} requests, sockets included`);
      const others = bot === sdk3 ? [tlsSocket] : [];
      await live({ server, venue, bot, bac: recorded.bac, report, others });
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
  report.finish();
}

/** Market data of a bot's own socket and, for SDK 3, of the one over TLS at the same time. */
async function live(meeting: {
  readonly server: RialtoProcess;
  readonly venue: Venue;
  readonly bot: Bot;
  readonly bac: RecordedDay;
  readonly report: Report;
  readonly others: readonly ((server: RialtoProcess) => Promise<ClosableSocket>)[];
}): Promise<void> {
  const { server, bot, others } = meeting;
  const data = await bot.sockets?.marketData('BAC');
  if (data === undefined) return;
  const own: LiveSocket = { name: bot.name, arrived: () => Promise.resolve(data) };
  const more = await Promise.all(others.map((open) => open(server)));
  await runLive({ ...meeting, sockets: [own, ...more] });
  data.close();
  for (const socket of more) socket.close();
}

interface ClosableSocket extends LiveSocket {
  close(): void;
}

/** Starts the process whose SDK 3 reads `/v2/iex` over TLS. */
async function tlsSocket(server: RialtoProcess): Promise<ClosableSocket> {
  const child = fork(fileURLToPath(import.meta.url), [TLS_CLIENT], {
    execArgv: process.execArgv,
    env: {
      ...process.env,
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      NODE_NO_WARNINGS: '1',
      APCA_API_KEY_ID: server.key_id,
      APCA_API_SECRET_KEY: server.secret,
      APCA_API_BASE_URL: server.url,
      APCA_DATA_BASE_URL: server.url,
      APCA_API_STREAM_URL: server.tls_url,
    },
  });
  await once(child, 'message', { signal: AbortSignal.timeout(START_MS) });
  return {
    name: 'alpaca-trade-api 3.1.3 over TLS',
    async arrived() {
      child.send('arrived');
      const [arrived] = (await once(child, 'message')) as [Arrived];
      return arrived;
    },
    close: () => child.disconnect(),
  };
}

/** The other end of `tlsSocket`. */
async function serveTlsClient(): Promise<void> {
  const data = await sdk3EnvironmentMarketData('BAC');
  process.on('message', () => {
    const { trades, quotes, bars } = data;
    process.send?.({ trades, quotes, bars } satisfies Arrived);
  });
  process.on('disconnect', () => data.close());
  process.send?.('subscribed');
}

await (process.argv[2] === TLS_CLIENT ? serveTlsClient() : prove());
