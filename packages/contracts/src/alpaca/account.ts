/**
 * The account object of the trading API: the set of 2026, and the fields of the retired
 * day-trading rule, which most existing bots still read.
 */
import { Type } from 'typebox';
import type { TUnsafe } from 'typebox';
import { nullable, objectSchema } from '../object-schema.ts';
import { calendarDate, decimalText, timestamp, uuid } from './scalars.ts';

export interface AlpacaAccount {
  readonly id: string;
  readonly account_number: string;
  readonly status: 'ACTIVE';
  readonly crypto_status: 'INACTIVE';
  readonly currency: 'USD';
  readonly cash: string;
  readonly equity: string;
  readonly portfolio_value: string;
  readonly position_market_value: string;
  readonly last_equity: string;
  readonly long_market_value: string;
  readonly short_market_value: string;
  readonly buying_power: string;
  readonly effective_buying_power: string;
  readonly regt_buying_power: string;
  readonly non_marginable_buying_power: string;
  readonly options_buying_power: string;
  readonly options_approved_level: number;
  readonly options_trading_level: number;
  readonly initial_margin: string;
  readonly maintenance_margin: string;
  readonly last_maintenance_margin: string;
  readonly sma: string;
  /** "1": a cash account. */
  readonly multiplier: '1';
  readonly shorting_enabled: boolean;
  readonly trading_blocked: boolean;
  readonly transfers_blocked: boolean;
  readonly account_blocked: boolean;
  readonly trade_suspended_by_user: boolean;
  readonly accrued_fees: string;
  readonly pending_reg_taf_fees: string;
  readonly pending_transfer_in: string;
  readonly pending_transfer_out: string;
  readonly intraday_adjustments: string;
  readonly balance_asof: string;
  readonly created_at: string;
  readonly crypto_tier: number;
  readonly admin_configurations: Readonly<Record<string, never>>;
  readonly user_configurations: null;
  readonly pattern_day_trader: boolean;
  readonly daytrade_count: number;
  readonly daytrading_buying_power: string;
  readonly last_daytrade_count: number;
  readonly last_daytrading_buying_power: string;
  readonly bod_dtbp: string;
}

export const alpacaAccountSchema: TUnsafe<AlpacaAccount> = objectSchema<AlpacaAccount>(
  'Account',
  'The account that the API key speaks for.',
  {
    id: uuid,
    account_number: Type.String(),
    status: Type.Literal('ACTIVE'),
    crypto_status: Type.Literal('INACTIVE'),
    currency: Type.Literal('USD'),
    cash: decimalText,
    equity: decimalText,
    portfolio_value: decimalText,
    position_market_value: decimalText,
    last_equity: decimalText,
    long_market_value: decimalText,
    short_market_value: decimalText,
    buying_power: decimalText,
    effective_buying_power: decimalText,
    regt_buying_power: decimalText,
    non_marginable_buying_power: decimalText,
    options_buying_power: decimalText,
    options_approved_level: Type.Integer(),
    options_trading_level: Type.Integer(),
    initial_margin: decimalText,
    maintenance_margin: decimalText,
    last_maintenance_margin: decimalText,
    sma: decimalText,
    multiplier: Type.Literal('1'),
    shorting_enabled: Type.Boolean(),
    trading_blocked: Type.Boolean(),
    transfers_blocked: Type.Boolean(),
    account_blocked: Type.Boolean(),
    trade_suspended_by_user: Type.Boolean(),
    accrued_fees: decimalText,
    pending_reg_taf_fees: decimalText,
    pending_transfer_in: decimalText,
    pending_transfer_out: decimalText,
    intraday_adjustments: decimalText,
    balance_asof: calendarDate,
    created_at: timestamp,
    crypto_tier: Type.Integer(),
    admin_configurations: Type.Object({}),
    user_configurations: nullable(Type.Object({})),
    pattern_day_trader: Type.Boolean({ deprecated: true }),
    daytrade_count: Type.Integer({ deprecated: true }),
    daytrading_buying_power: decimalText,
    last_daytrade_count: Type.Integer({ deprecated: true }),
    last_daytrading_buying_power: decimalText,
    bod_dtbp: decimalText,
  },
);
