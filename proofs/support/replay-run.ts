/** A venue of a running server, moved through the platform API as any client moves it. */
import type { Venue, VenuePage } from '@rialto/contracts/platform/platform-api';
import { setTimeout as delay } from 'node:timers/promises';
import type { RialtoProcess } from './rialto-process.ts';

const LOOK_MS = 50;

/** The running venue: the newest run of the only template there is. */
export async function runningVenue(server: RialtoProcess): Promise<Venue> {
  const { venues } = await ask<VenuePage>(server, '/api/v1/venues');
  const [venue] = venues;
  if (venue === undefined) throw new Error('no venue is running');
  return venue;
}

/** Sets the speed of a venue's clock; 0 is as fast as possible. */
export function setSpeed(server: RialtoProcess, venueId: string, speed: number): Promise<Venue> {
  return ask(server, `/api/v1/venues/${venueId}/clock`, { speed, paused: false });
}

/** Replaces a venue by its next run. */
export function restart(server: RialtoProcess, venueId: string): Promise<Venue> {
  return ask(server, `/api/v1/venues/${venueId}/restart`, {});
}

/** Waits until the whole tape was played, the session is over and the tables hold all of it. */
export async function untilPlayed(server: RialtoProcess, venueId: string): Promise<Venue> {
  for (;;) {
    const venue = await ask<Venue>(server, `/api/v1/venues/${venueId}`);
    const hasPlayed = venue.progress === 1 && venue.session === 'closed';
    if (hasPlayed && (await storeLag(server, venueId)) === 0) return venue;
    await delay(LOOK_MS);
  }
}

async function storeLag(server: RialtoProcess, venueId: string): Promise<number> {
  const response = await fetch(`${server.url}/metrics`);
  const text = await response.text();
  const line = text
    .split('\n')
    .find((row) => row.startsWith('rialto_store_lag_events') && row.includes(venueId));
  return Number(line?.split(' ').at(-1));
}

async function ask<T>(server: RialtoProcess, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${server.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...server.headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
