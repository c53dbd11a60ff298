/** Pieces of route schemas that many routes share. They document; they do not validate. */
import { Type } from 'typebox';
import type { TSchema } from 'typebox';

const tradingError = Type.Object(
  { code: Type.Integer(), message: Type.String() },
  { title: 'Error', additionalProperties: true },
);

const dataError = Type.Object({ message: Type.String() }, { title: 'DataError' });

/** Responses of a trading route: 200 and any refusal. */
export function tradingResponses(ok: TSchema): Record<string, TSchema> {
  return { 200: ok, '4xx': tradingError };
}

/** Responses of a trading route that answers one status per part. */
export function multiStatusResponses(part: TSchema): Record<string, TSchema> {
  return { 207: Type.Array(part), '4xx': tradingError };
}

/** Responses of a trading route that answers with nothing. */
export function emptyResponses(): Record<string, TSchema> {
  return { 204: Type.Null({ description: 'Done.' }), '4xx': tradingError };
}

/** Responses of a market-data route. */
export function dataResponses(ok: TSchema): Record<string, TSchema> {
  return { 200: ok, '4xx': dataError };
}

/** Query parameters, all optional text. */
export function queryOf(parameters: Readonly<Record<string, string>>): TSchema {
  const properties: Record<string, TSchema> = {};
  for (const [name, description] of Object.entries(parameters)) {
    properties[name] = Type.Optional(Type.String({ description }));
  }
  return Type.Object(properties);
}

/** One path parameter. */
export function pathOf(name: string, description: string): TSchema {
  return Type.Object({ [name]: Type.String({ description }) });
}
