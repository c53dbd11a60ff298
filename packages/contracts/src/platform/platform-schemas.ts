/** JSON Schemas of the platform API; the types stand in platform-api.ts. */
import { Type } from 'typebox';
import type { TSchema, TUnsafe } from 'typebox';
import { nullable, objectSchema, oneOf } from '../object-schema.ts';
import type {
  ClockChange,
  Fill,
  FillPage,
  Problem,
  Restart,
  Venue,
  VenuePage,
} from './platform-api.ts';

/** Fastest finite speed; 0 stands for as fast as possible. */
const SPEED_MAX = 10_000;

const timestamp = Type.String({ format: 'date-time' });
const speed = Type.Number({
  minimum: 0,
  maximum: SPEED_MAX,
  description: '1 = real time, 0 = as fast as possible',
});

export const problemSchema: TUnsafe<Problem> = objectSchema<Problem>(
  'Problem',
  'What went wrong (RFC 9457).',
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: 'stable; listed in docs/reference/errors.md' }),
    detail: Type.String(),
    request_id: Type.String(),
  },
);

export const venueSchema: TUnsafe<Venue> = objectSchema<Venue>('Venue', 'A market and its clock.', {
  id: Type.String({ format: 'uuid' }),
  name: Type.String(),
  run: Type.Integer({ minimum: 1 }),
  tape: Type.Object({
    kind: Type.Literal('recording'),
    dataset: Type.String(),
    from: timestamp,
    to: timestamp,
  }),
  time: timestamp,
  speed,
  status: oneOf(['running', 'paused', 'ended']),
  session: oneOf(['closed', 'pre', 'regular', 'post']),
  progress: Type.Number({ minimum: 0, maximum: 1 }),
  seq: Type.Integer(),
  symbols: Type.Array(Type.String()),
});

export const venuePageSchema: TUnsafe<VenuePage> = objectSchema<VenuePage>(
  'VenuePage',
  'Running venues, newest first.',
  { venues: Type.Array(venueSchema), next_cursor: nullable(Type.String()) },
);

/** An object of the given optional fields and no others. */
function change(
  title: string,
  properties: Record<string, TSchema>,
  minProperties: number,
): TSchema {
  return Type.Object(properties, { title, additionalProperties: false, minProperties });
}

export const clockChangeSchema: TUnsafe<ClockChange> = Type.Unsafe<ClockChange>(
  change('ClockChange', { speed: Type.Optional(speed), paused: Type.Optional(Type.Boolean()) }, 1),
);

export const restartSchema: TUnsafe<Restart> = Type.Unsafe<Restart>(
  change(
    'Restart',
    {
      at: Type.Optional(timestamp),
      speed: Type.Optional(speed),
      paused: Type.Optional(Type.Boolean()),
    },
    0,
  ),
);

const fillSchema = objectSchema<Fill>('Fill', 'One execution and why it happened.', {
  id: Type.String(),
  order_id: Type.String({ format: 'uuid' }),
  symbol: Type.String(),
  side: oneOf(['buy', 'sell']),
  qty: Type.String(),
  price: Type.String(),
  time: timestamp,
  reason: Type.String(),
});

export const fillPageSchema: TUnsafe<FillPage> = objectSchema<FillPage>(
  'FillPage',
  'Fills of the account, newest first.',
  { fills: Type.Array(fillSchema), next_cursor: nullable(Type.String()) },
);
