/** The clock of the venue under test, moved as any client moves it. */
import type { ClockChange, Restart, Venue } from '@rialto/contracts/platform/platform-api';
import { runningVenue } from '../support/replay-run.ts';
import type { RialtoProcess } from '../support/rialto-process.ts';
import { utc } from './bot.ts';
import { until } from './waiting.ts';

/** Starts the next run, which plays to `at` and stands still there. */
export async function restartPaused(server: RialtoProcess, at: string): Promise<Venue> {
  const { id } = await runningVenue(server);
  const restart: Restart = { at, paused: true };
  let venue = await post(server, `${id}/restart`, restart);
  await until(async () => {
    venue = await runningVenue(server);
    return utc(venue.time) >= utc(at);
  }, `the venue at ${at}`);
  return venue;
}

/** Changes speed or pause; answers with the venue as it is then. */
export function changeClock(
  server: RialtoProcess,
  id: string,
  change: ClockChange,
): Promise<Venue> {
  return post(server, `${id}/clock`, change);
}

async function post(server: RialtoProcess, path: string, body: object): Promise<Venue> {
  const response = await fetch(`${server.url}/api/v1/venues/${path}`, {
    method: 'POST',
    headers: { ...server.headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Venue;
}
