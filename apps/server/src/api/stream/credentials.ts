/** Credentials that arrive in a message instead of headers, brought to the same authenticator. */
import type { IncomingMessage } from 'node:http';
import type { Authentication, Authenticator } from '../principal.ts';

/** A key pair as clients send it. */
export interface KeyPair {
  readonly key: string;
  readonly secret: string;
}

const CREDENTIAL_LENGTH_MAX = 256;

/** Two fields of a message as a key pair; `undefined` unless both are texts of sane length. */
export function readKeyPair(key: unknown, secret: unknown): KeyPair | undefined {
  return isCredential(key) && isCredential(secret) ? { key, secret } : undefined;
}

function isCredential(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= CREDENTIAL_LENGTH_MAX;
}

/** Authenticates a key pair as if it had come in the headers of a request from `address`. */
export async function authenticateKeyPair(
  authenticator: Authenticator,
  { key, secret }: KeyPair,
  from: { readonly url: string; readonly address: string },
): Promise<Authentication> {
  const headers = { 'apca-api-key-id': key, 'apca-api-secret-key': secret };
  const socket = { remoteAddress: from.address };
  return authenticator.authenticate({ headers, method: 'GET', url: from.url, socket });
}

/** Whether the upgrade request itself carries an API key. */
export function carriesKey({ headers }: IncomingMessage): boolean {
  return headers['apca-api-key-id'] !== undefined || headers.authorization !== undefined;
}
