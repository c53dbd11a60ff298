/** The asset object of the trading API: an instrument and what may be done with it. */
import { Type } from 'typebox';
import type { TUnsafe } from 'typebox';
import { nullable, objectSchema, oneOf } from '../object-schema.ts';
import { uuid } from './scalars.ts';

export interface AlpacaAsset {
  readonly id: string;
  readonly class: 'us_equity';
  readonly exchange: string;
  readonly symbol: string;
  readonly name: string;
  readonly status: 'active' | 'inactive';
  readonly tradable: boolean;
  readonly marginable: boolean;
  readonly shortable: boolean;
  readonly easy_to_borrow: boolean;
  readonly borrow_status: string | null;
  readonly fractionable: boolean;
  readonly maintenance_margin_requirement: number;
  readonly margin_requirement_long: string;
  readonly margin_requirement_short: string;
  readonly attributes: readonly string[];
  readonly cusip: string | null;
}

export const alpacaAssetSchema: TUnsafe<AlpacaAsset> = objectSchema<AlpacaAsset>(
  'Asset',
  'An instrument of the venue.',
  {
    id: uuid,
    class: Type.Literal('us_equity'),
    exchange: Type.String(),
    symbol: Type.String(),
    name: Type.String(),
    status: oneOf(['active', 'inactive']),
    tradable: Type.Boolean(),
    marginable: Type.Boolean(),
    shortable: Type.Boolean(),
    easy_to_borrow: Type.Boolean(),
    borrow_status: nullable(Type.String()),
    fractionable: Type.Boolean(),
    maintenance_margin_requirement: Type.Number(),
    margin_requirement_long: Type.String(),
    margin_requirement_short: Type.String(),
    attributes: Type.Array(Type.String()),
    cusip: nullable(Type.String()),
  },
);
