/**
 * The ledger's entries: which event moved what from where to where.
 *
 * A pure function of an event record, so the table of transfers can be rebuilt from the events,
 * and summing it from zero gives every balance (L2, L3). Each transfer takes from one account
 * what it gives to another, so every event balances per asset.
 */
import type { EventBuffer } from '../events/event-buffer.ts';
import {
  ACCOUNT,
  EventType,
  FILL_ROUNDED_UP,
  HEAD,
  ORDER,
  ORDER_SELLS,
} from '../events/event-layout.ts';
import { joinNanos } from '../values/quantity.ts';
import { newAmount, notional } from './notional.ts';
import { pairValue } from './pairs.ts';

/** A customer account's index, or a house account (ledger/ledger.ts). */
export type LedgerAccount = number | 'market' | 'funding' | 'rounding';

export interface Transfer {
  /** 'cash', or the index of the instrument whose shares move. */
  readonly asset: 'cash' | number;
  readonly from: LedgerAccount;
  readonly to: LedgerAccount;
  /** Units of 1e-9 dollar or 1e-9 share; above zero. */
  readonly amount: bigint;
}

/** The transfers of the event record that starts at `word`; none for most events. */
export function transfersOf(events: EventBuffer, word: number): Transfer[] {
  const transfers: Transfer[] = [];
  const type = events.i32[word + HEAD.type];
  if (type === EventType.orderFilled) addFill(events, word, transfers);
  if (type === EventType.accountOpened) addDeposit(events, word, transfers);
  return transfers;
}

function addDeposit(events: EventBuffer, word: number, transfers: Transfer[]): void {
  const dollars = events.f64[(word + ACCOUNT.dollars) >> 1] as number;
  const amount = joinNanos(dollars, events.i32[word + ACCOUNT.nanos] as number);
  const account = events.i32[word + ACCOUNT.account] as number;
  if (amount > 0n) transfers.push({ asset: 'cash', from: 'funding', to: account, amount });
}

function addFill(events: EventBuffer, word: number, transfers: Transfer[]): void {
  const field = (index: number): number => events.i32[word + index] as number;
  const account = field(ORDER.account);
  const instrument = field(HEAD.instrument);
  const whole = field(ORDER.qtyWhole);
  const nanos = field(ORDER.qtyNanos);
  const scratch = newAmount();
  notional(field(ORDER.price), whole, nanos, scratch);
  const paid = pairValue(scratch, 0);
  const qty = joinNanos(whole, nanos);
  const sells = (field(ORDER.detail) & ORDER_SELLS) !== 0;
  const seller: LedgerAccount = sells ? account : 'market';
  const buyer: LedgerAccount = sells ? 'market' : account;
  transfers.push({ asset: instrument, from: seller, to: buyer, amount: qty });
  if (paid > 0n) transfers.push({ asset: 'cash', from: buyer, to: seller, amount: paid });
  if ((field(ORDER.detail) & FILL_ROUNDED_UP) !== 0) {
    transfers.push({ asset: 'cash', from: account, to: 'rounding', amount: 1n });
  }
}
