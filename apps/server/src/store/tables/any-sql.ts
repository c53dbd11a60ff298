/** Whatever runs statements: the pool, or the connection of a transaction. */
import type { ISql } from 'postgres';

export type AnySql = ISql<{ int8: number }>;
