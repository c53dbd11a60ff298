/**
 * How keys, secrets and tokens look and are compared.
 *
 * All carry at least 238 random bits, so one SHA-256 is as safe as a slow password hash and
 * takes a microsecond. The prefixes let the logger redact them (runtime/redact.ts); a secret
 * ends in a checksum, so a mistyped one is refused without asking the database.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Random } from '../../runtime/random.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE36 = BASE62.slice(0, 36);
const KEY_ID_PATTERN = /^PK[0-9A-Z]{18}$/;
const SECRET_PATTERN = /^rsk_[0-9A-Za-z]{46}$/;
const TOKEN_PATTERN = /^rs[tl]_[0-9A-Za-z]{43}$/;
const SECRET_RANDOM = 40;
const CHECKSUM = 6;

/** An API key pair; the secret exists only where it is shown. */
export interface KeyPair {
  readonly keyId: string;
  readonly secret: string;
}

/** A key pair: `PK` and 18 characters; `rsk_`, 40 random characters and a checksum. */
export function newKeyPair(random: Random): KeyPair {
  const body = randomText(random, BASE62, SECRET_RANDOM);
  return {
    keyId: `PK${randomText(random, BASE36, 18)}`,
    secret: `rsk_${body}${checksum(body)}`,
  };
}

/** A token of a session (`rst_`) or a sign-in link (`rsl_`): 256 bits. */
export function newToken(random: Random, prefix: 'rst' | 'rsl'): string {
  return `${prefix}_${randomText(random, BASE62, 43)}`;
}

/** Whether the texts can be a key pair at all. */
export function isKeyPair({ keyId, secret }: KeyPair): boolean {
  if (!KEY_ID_PATTERN.test(keyId) || !SECRET_PATTERN.test(secret)) return false;
  const body = secret.slice(4, 4 + SECRET_RANDOM);
  return secret.endsWith(checksum(body));
}

/** Whether the text can be a token at all. */
export function isToken(text: string): boolean {
  return TOKEN_PATTERN.test(text);
}

/** SHA-256, as the tables keep it. */
export function hashCredential(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}

/** Compares in a time that does not depend on the contents. */
export function isSameHash(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function randomText(random: Random, alphabet: string, length: number): string {
  // Bytes above the last whole multiple of the alphabet are dropped: all characters stay equal.
  const limit = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < length) {
    for (const byte of random.bytes(length)) {
      if (byte < limit && text.length < length) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}

function checksum(body: string): string {
  let value = crc32(body);
  let text = '';
  for (let i = 0; i < CHECKSUM; i++) {
    text += BASE62[value % 62];
    value = Math.floor(value / 62);
  }
  return text;
}
