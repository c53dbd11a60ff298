/** The position object of the trading API. Percentages are fractions: 0.0123 is 1.23 %. */
import { Type } from 'typebox';
import type { TUnsafe } from 'typebox';
import { nullable, objectSchema, oneOf } from '../object-schema.ts';
import { decimalText, uuid } from './scalars.ts';

/** Values that need a price are null before the instrument's first trade or quote. */
export interface AlpacaPosition {
  readonly asset_id: string;
  readonly symbol: string;
  readonly exchange: string;
  readonly asset_class: 'us_equity';
  readonly asset_marginable: boolean;
  readonly side: 'long';
  readonly qty: string;
  /** `qty` less what open sell orders hold. */
  readonly qty_available: string;
  readonly avg_entry_price: string;
  readonly cost_basis: string;
  readonly market_value: string | null;
  readonly current_price: string | null;
  readonly lastday_price: string | null;
  readonly change_today: string | null;
  readonly unrealized_pl: string | null;
  readonly unrealized_plpc: string | null;
  readonly unrealized_intraday_pl: string | null;
  readonly unrealized_intraday_plpc: string | null;
}

export const alpacaPositionSchema: TUnsafe<AlpacaPosition> = objectSchema<AlpacaPosition>(
  'Position',
  'Shares that the account holds, valued at the last trade.',
  {
    asset_id: uuid,
    symbol: Type.String(),
    exchange: Type.String(),
    asset_class: Type.Literal('us_equity'),
    asset_marginable: Type.Boolean(),
    side: oneOf(['long']),
    qty: decimalText,
    qty_available: decimalText,
    avg_entry_price: decimalText,
    cost_basis: decimalText,
    market_value: nullable(decimalText),
    current_price: nullable(decimalText),
    lastday_price: nullable(decimalText),
    change_today: nullable(decimalText),
    unrealized_pl: nullable(decimalText),
    unrealized_plpc: nullable(decimalText),
    unrealized_intraday_pl: nullable(decimalText),
    unrealized_intraday_plpc: nullable(decimalText),
  },
);
