/** GET /api/v1/fills: the executions of the account, each with its reason. */
import type { Fill } from '@rialto/contracts/platform/platform-api';
import { fillPageSchema, problemSchema } from '@rialto/contracts/platform/platform-schemas';
import type { RecordedTape } from '@rialto/engine/market/recorded-tape';
import { orderUuid } from '@rialto/engine/orders/order-id';
import { formatPrice, type Price } from '@rialto/engine/values/price';
import { formatQuantity, type Quantity } from '@rialto/engine/values/quantity';
import type { Micros } from '@rialto/engine/values/time';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { FastifyInstance } from 'fastify';
import type { StoredFill } from '../../store/readers.ts';
import { listedInstrument } from '../alpaca/instrument-param.ts';
import { formatTime } from '../alpaca/rfc3339.ts';
import { StoredHistory } from '../alpaca/stored-history.ts';
import { ApiError } from '../http/api-error.ts';
import { withCaller } from '../http/caller.ts';
import { fillReason } from './fill-reason.ts';
import { pageLimit, type PageQuery, pageQuerySchema } from './page-query.ts';
import type { PlatformApiDeps } from './platform-deps.ts';

const PAGE_ROWS = 50;
const PAGE_ROWS_MAX = 200;

/** A cursor is the event number of the last fill given. */
const CURSOR = /^[1-9]\d{0,14}$/;

/** Adds the fills route. */
export function addFillRoutes(app: FastifyInstance, deps: PlatformApiDeps): void {
  const history = new StoredHistory(deps.checkpoint, deps.logger);
  app.get(
    '/api/v1/fills',
    {
      schema: {
        tags: ['platform'],
        summary: 'Fills of the account, newest first',
        querystring: pageQuerySchema,
        response: { 200: fillPageSchema, '4xx': problemSchema },
      },
    },
    withCaller(deps, 'read', async ({ principal, replica }, request) => {
      const query = request.query as PageQuery;
      const limit = pageLimit(query, PAGE_ROWS, PAGE_ROWS_MAX);
      const { cursor } = query;
      if (cursor !== undefined && !CURSOR.test(cursor)) throw new ApiError('cursor_invalid');
      const { venueId, venue } = replica;
      await history.upTo(venueId, replica.seq);
      const rows = await deps.orders.fills({
        venueId,
        account: principal.account,
        limit: limit + 1,
        ...(cursor === undefined ? {} : { beforeSeq: Number(cursor) }),
      });
      const { tape } = await deps.tapes.load(venue.tape.dataset);
      const shown = rows.slice(0, limit);
      return {
        fills: shown.map((fill) => fillJson(fill, venue, tape)),
        next_cursor: rows.length > limit ? String(shown.at(-1)?.seq) : null,
      };
    }),
  );
}

function fillJson(fill: StoredFill, venue: VenueApi, tape: RecordedTape): Fill {
  const ref = { number: fill.orderNumber, slot: fill.orderSlot };
  return {
    id: String(fill.seq),
    order_id: orderUuid(venue.seed, ref),
    symbol: listedInstrument(venue, fill.instrument).symbol,
    side: fill.side,
    qty: formatQuantity(fill.qty as Quantity),
    price: formatPrice(fill.price as Price),
    time: formatTime(fill.time as Micros),
    reason: fillReason(fill, tape),
  };
}
