/** Instruments: what can be traded in a venue. The index is the place in the venue's list. */

/** A tradable instrument as the venue's genesis lists it. */
export interface Instrument {
  /** The label bots use, for example "BAC". */
  readonly symbol: string;
  /** Full name, for example "Bank of America". */
  readonly name: string;
  /** Stable id (UUID text), for example the `asset_id` of the trading API. */
  readonly id: string;
  /** Primary listing exchange: NYSE, NASDAQ, AMEX, ARCA, BATS. */
  readonly exchange: string;
  /** Whether fractions of a share may be ordered. */
  readonly fractionable: boolean;
  /** Whether orders are taken. */
  readonly tradable: boolean;
}
