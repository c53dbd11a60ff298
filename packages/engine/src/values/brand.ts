declare const brand: unique symbol;

/** A nominal type: `Brand<number, 'Price'>` is a number that only `Price` code may make. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
