/** Limits of a venue's trading core. */

export const ACCOUNTS_MAX = 100_000;
export const INSTRUMENTS_MAX = 16_384;
/** Open orders of one account. */
export const OPEN_ORDERS_PER_ACCOUNT_MAX = 10_000;
/** Whole shares that one order may ask for. */
export const ORDER_WHOLE_MAX = 2_000_000_000;
