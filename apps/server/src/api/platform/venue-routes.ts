/** Venues: reading them, changing their clock, starting the next run. */
import type { ClockChange, Restart, Venue } from '@rialto/contracts/platform/platform-api';
import {
  clockChangeSchema,
  problemSchema,
  restartSchema,
  venuePageSchema,
  venueSchema,
} from '@rialto/contracts/platform/platform-schemas';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { RestartRefusedError, type RunStart } from '../../venues/venue-lifecycle.ts';
import type { VenueRow } from '../../venues/venue-registry.ts';
import { parseTime } from '../alpaca/rfc3339.ts';
import { ApiError } from '../http/api-error.ts';
import { type Caller, venueReplica, withCaller } from '../http/caller.ts';
import { pageLimit, type PageQuery, pageQuerySchema } from './page-query.ts';
import type { PlatformApiDeps } from './platform-deps.ts';
import { venueJson } from './venue-json.ts';

const PAGE_ROWS = 20;
const PAGE_ROWS_MAX = 50;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const tags = ['platform'];
const params = Type.Object({ id: Type.String({ maxLength: 100 }) });
const responses = { 200: venueSchema, '4xx': problemSchema };

/** Adds the venue routes. */
export function addVenueRoutes(app: FastifyInstance, deps: PlatformApiDeps): void {
  addReads(app, deps);
  addClock(app, deps);
  addRestart(app, deps);
}

function addReads(app: FastifyInstance, deps: PlatformApiDeps): void {
  app.get(
    '/api/v1/venues',
    {
      schema: {
        tags,
        summary: 'Running venues, newest first',
        querystring: pageQuerySchema,
        response: { 200: venuePageSchema, '4xx': problemSchema },
      },
    },
    withCaller(deps, 'read', async (_caller, request) => {
      const query = request.query as PageQuery;
      const limit = pageLimit(query, PAGE_ROWS, PAGE_ROWS_MAX);
      const { cursor } = query;
      if (cursor !== undefined && !UUID.test(cursor)) throw new ApiError('cursor_invalid');
      const before = cursor === undefined ? {} : { before: cursor };
      const rows = await deps.registry.list({ limit: limit + 1, ...before });
      const shown = rows.slice(0, limit);
      // Runs that were replaced are not loaded into memory again only to be listed.
      const running = shown.filter(({ status }) => status === 'running');
      return {
        venues: await Promise.all(running.map((row) => venueOf(row, deps))),
        next_cursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
      };
    }),
  );
  app.get(
    '/api/v1/venues/:id',
    { schema: { tags, summary: 'A running venue, or your own', params, response: responses } },
    withCaller(deps, 'read', async (caller, request) => {
      const row = await venueRow(idParam(request), deps);
      if (row.status === 'ended' && row.id !== caller.principal.venueId) {
        throw new ApiError('venue_unknown');
      }
      return venueOf(row, deps);
    }),
  );
}

function addClock(app: FastifyInstance, deps: PlatformApiDeps): void {
  app.post(
    '/api/v1/venues/:id/clock',
    {
      schema: {
        tags,
        summary: 'Change the speed of the clock, pause it, let it run',
        params,
        body: clockChangeSchema,
        response: responses,
      },
    },
    withCaller(deps, 'trade', async (caller, request) => {
      const row = await ownVenue(caller, request, deps);
      const { replica } = caller;
      const clock = replica.venue.clock();
      const { speed = clock.speed, paused = clock.paused } = request.body as ClockChange;
      const outcome = await replica.submit({ type: 'set_clock', at: clock.time, speed, paused });
      if (!outcome.ok) {
        if (outcome.refusal.code === 'venue_ended') throw new ApiError('venue_ended');
        throw new Error(`set_clock was refused: ${outcome.refusal.code}`);
      }
      return venueOf(row, deps);
    }),
  );
}

function addRestart(app: FastifyInstance, deps: PlatformApiDeps): void {
  app.post(
    '/api/v1/venues/:id/restart',
    {
      schema: {
        tags,
        summary: 'Start the next run of the recording',
        params,
        body: restartSchema,
        response: { 201: venueSchema, '4xx': problemSchema },
      },
      // The body may be left out: a restart from the default place.
      preValidation: (request, _reply, done) => {
        request.body ??= {};
        done();
      },
    },
    withCaller(deps, 'trade', async (caller, request, reply) => {
      const row = await ownVenue(caller, request, deps);
      const start = runStart(request.body as Restart);
      const nextId = await restarted(row.id, start, deps);
      reply.status(201);
      return venueOf(await venueRow(nextId, deps), deps);
    }),
  );
}

async function restarted(
  venueId: string,
  start: RunStart,
  { lifecycle }: PlatformApiDeps,
): Promise<string> {
  try {
    return await lifecycle.restart(venueId, start);
  } catch (error) {
    if (error instanceof RestartRefusedError) throw new ApiError(error.code);
    throw error;
  }
}

function runStart({ at: text, speed, paused }: Restart): RunStart {
  const at = text === undefined ? undefined : parseTime(text);
  if (text !== undefined && at === undefined) {
    throw new ApiError('field_invalid', { pointer: 'body/at', reason: 'must be RFC 3339' });
  }
  return {
    ...(at === undefined ? {} : { at }),
    ...(speed === undefined ? {} : { speed }),
    ...(paused === undefined ? {} : { paused }),
  };
}

function idParam(request: FastifyRequest): string {
  return (request.params as { readonly id: string }).id;
}

/** The row of the path's venue when the caller's account stands in it. */
function ownVenue(
  { principal }: Caller,
  request: FastifyRequest,
  deps: PlatformApiDeps,
): Promise<VenueRow> {
  const id = idParam(request);
  if (id !== principal.venueId) throw new ApiError('venue_unknown');
  return venueRow(id, deps);
}

async function venueRow(id: string, { registry }: PlatformApiDeps): Promise<VenueRow> {
  const row = UUID.test(id) ? await registry.get(id) : undefined;
  if (row === undefined) throw new ApiError('venue_unknown');
  return row;
}

async function venueOf(row: VenueRow, { tapes, venues }: PlatformApiDeps): Promise<Venue> {
  const [{ tape }, replica] = await Promise.all([
    tapes.load(row.template.dataset),
    venueReplica(venues, row.id),
  ]);
  return venueJson(row, tape, replica);
}
