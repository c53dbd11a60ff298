/**
 * The account object: a cash account, so everything about margin is zero or equal to cash.
 *
 * `last_equity` is what the account opened with: it opened on the day that is played.
 */
import type { AlpacaAccount } from '@rialto/contracts/alpaca/account';
import { formatDay } from '@rialto/engine/calendar/civil-date';
import { tradingDayBefore } from '@rialto/engine/calendar/exchange-calendar';
import { newYorkDay } from '@rialto/engine/calendar/new-york';
import { formatMoney, type Money } from '@rialto/engine/values/money';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { AccountView } from '@rialto/engine/venue/views';
import { formatTime } from './rfc3339.ts';
import { positionsValue } from './valuation.ts';

/** Writes an account as it stands in the venue. */
export function accountJson(
  account: AccountView,
  accountNumber: string,
  venue: VenueApi,
): AlpacaAccount {
  const positions = positionsValue(venue, account.index);
  const equity = formatMoney((account.cash + positions) as Money);
  const marketValue = formatMoney(positions);
  const buyingPower = formatMoney(account.buyingPower);
  const lastEquity = formatMoney(account.openingCash);
  const balanceDay = tradingDayBefore(newYorkDay(venue.clock().time));
  return {
    id: account.id,
    account_number: accountNumber,
    status: 'ACTIVE',
    crypto_status: 'INACTIVE',
    currency: 'USD',
    cash: formatMoney(account.cash),
    equity,
    portfolio_value: equity,
    position_market_value: marketValue,
    last_equity: lastEquity,
    long_market_value: marketValue,
    short_market_value: '0',
    buying_power: buyingPower,
    effective_buying_power: buyingPower,
    regt_buying_power: buyingPower,
    non_marginable_buying_power: buyingPower,
    options_buying_power: '0',
    options_approved_level: 0,
    options_trading_level: 0,
    initial_margin: '0',
    maintenance_margin: '0',
    last_maintenance_margin: '0',
    sma: '0',
    multiplier: '1',
    shorting_enabled: false,
    trading_blocked: false,
    transfers_blocked: false,
    account_blocked: false,
    trade_suspended_by_user: false,
    accrued_fees: '0',
    pending_reg_taf_fees: '0',
    pending_transfer_in: '0',
    pending_transfer_out: '0',
    intraday_adjustments: '0',
    balance_asof: formatDay(balanceDay),
    created_at: formatTime(account.openedAt),
    crypto_tier: 0,
    admin_configurations: {},
    user_configurations: null,
    pattern_day_trader: false,
    daytrade_count: 0,
    daytrading_buying_power: '0',
    last_daytrade_count: 0,
    last_daytrading_buying_power: '0',
    bod_dtbp: '0',
  };
}
