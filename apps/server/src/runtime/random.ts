/** The randomness port. Only credentials and ids need it; nothing in a venue does. */
import { randomBytes, randomUUID } from 'node:crypto';

/** A source of unpredictable bytes. */
export interface Random {
  bytes(count: number): Uint8Array;
  /** A UUID, version 4. */
  uuid(): string;
}

/** The operating system's generator. */
export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  uuid: () => randomUUID(),
};
