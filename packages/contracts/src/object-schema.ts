/**
 * Object schemas whose static type is written by hand.
 *
 * An interface reads better than an inferred type and needs no inference at the border of the
 * package; the compiler holds the keys of both equal, tests hold the values.
 */
import { Type } from 'typebox';
import type { TSchema, TUnsafe } from 'typebox';

/** A schema for each key of T, no more and no fewer. */
export type PropertiesOf<T> = { readonly [K in keyof T]-?: TSchema };

/** The JSON Schema of T, named `title`, with one line that says what it is. */
export function objectSchema<T>(
  title: string,
  description: string,
  properties: PropertiesOf<T>,
): TUnsafe<T> {
  return Type.Unsafe<T>(Type.Object(properties, { title, description }));
}

/** `schema` or null: how the trading API writes an absent value. */
export function nullable(schema: TSchema): TSchema {
  return Type.Union([schema, Type.Null()]);
}

/** One of these words. */
export function oneOf(words: readonly string[], description = ''): TSchema {
  return Type.Unsafe<string>({
    type: 'string',
    enum: [...words],
    ...(description === '' ? {} : { description }),
  });
}
