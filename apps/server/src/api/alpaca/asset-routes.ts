/** The instruments of the caller's venue: /v2/assets. */
import { alpacaAssetSchema } from '@rialto/contracts/alpaca/asset';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { ApiError } from '../http/api-error.ts';
import { type CallerDeps, withCaller } from '../http/caller.ts';
import { assetJson } from './asset-json.ts';
import { findInstrument, quoted } from './instrument-param.ts';
import { QueryFields } from './query-fields.ts';
import { pathOf, queryOf, tradingResponses } from './route-schemas.ts';

const tags = ['trading'];
const EXCHANGES = ['AMEX', 'ARCA', 'BATS', 'NYSE', 'NASDAQ', 'NYSEARCA', 'OTC', ''] as const;

/** Adds the asset routes. */
export function addAssetRoutes(app: FastifyInstance, deps: CallerDeps): void {
  app.get(
    '/v2/assets',
    {
      schema: {
        tags,
        summary: 'All instruments of the venue',
        querystring: queryOf({
          status: 'active or inactive',
          asset_class: 'us_equity',
          exchange: 'listing exchange',
          attributes: 'taken; no instrument has any',
        }),
        response: tradingResponses(Type.Array(alpacaAssetSchema)),
      },
    },
    withCaller(deps, 'read', ({ replica }, request) => {
      const fields = new QueryFields(request.query, 'parameter_invalid');
      const status = fields.word('status', ['active', 'inactive', 'all'], 'all');
      fields.word('asset_class', ['us_equity'], 'us_equity');
      const exchange = fields.word('exchange', EXCHANGES, '');
      const attributes = fields.list('attributes', 20) ?? [];
      if (status === 'inactive' || attributes.length > 0) return [];
      return replica.venue.instruments
        .filter((instrument) => exchange === '' || instrument.exchange === exchange)
        .map(assetJson);
    }),
  );
  app.get(
    '/v2/assets/:symbol_or_asset_id',
    {
      schema: {
        tags,
        summary: 'One instrument',
        params: pathOf('symbol_or_asset_id', 'Symbol or asset id'),
        response: tradingResponses(alpacaAssetSchema),
      },
    },
    withCaller(deps, 'read', ({ replica }, request) => {
      const { symbol_or_asset_id: text = '' } = request.params as { symbol_or_asset_id?: string };
      const found = findInstrument(replica.venue, text);
      if (found === undefined) throw new ApiError('asset_not_found', { symbol: quoted(text) });
      return assetJson(found.instrument);
    }),
  );
}
