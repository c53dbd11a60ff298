/** `limit` and `cursor` of the platform's lists. */
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { ApiError } from '../http/api-error.ts';

/** Query of a paged list. Numbers arrive as text and are read by `pageLimit`. */
export const pageQuerySchema: TSchema = Type.Object(
  {
    limit: Type.Optional(Type.String({ pattern: '^\\d{1,3}$' })),
    cursor: Type.Optional(Type.String({ maxLength: 100 })),
  },
  { additionalProperties: false },
);

export interface PageQuery {
  readonly limit?: string;
  readonly cursor?: string;
}

/** The number of rows asked for; throws `field_invalid` outside 1 … `max`. */
export function pageLimit({ limit }: PageQuery, preset: number, max: number): number {
  const count = limit === undefined ? preset : Number(limit);
  if (count >= 1 && count <= max) return count;
  throw new ApiError('field_invalid', {
    pointer: 'querystring/limit',
    reason: `must be between 1 and ${max}`,
  });
}
