/**
 * The key pair of the first start: `<data dir>/credentials.json`, readable by its owner only.
 *
 * The database keeps hashes, so a pair cannot be shown again from there; but every start of a
 * server on one's own machine should say how to point a bot at it. The file is as safe as the
 * database files beside it, which have the same owner. Without it (or when its key was revoked,
 * or belongs to another database) the next start makes a new pair.
 */
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Random } from '../../runtime/random.ts';
import { hashCredential, isSameHash, type KeyPair, newKeyPair } from './credential-format.ts';
import type { CredentialStore } from './credential-store.ts';

const FILE = 'credentials.json';

const FirstCredentials = Type.Object({ key_id: Type.String(), secret: Type.String() });
const check = Compile(FirstCredentials);

/** The pair to show: the one of the file when it still works, else a new one, which is kept. */
export async function ensureFirstCredentials(deps: {
  readonly dataDir: string;
  readonly store: CredentialStore;
  readonly random: Random;
  readonly owner: { readonly userId: string; readonly accountId: string };
}): Promise<KeyPair> {
  const { dataDir, store, random, owner } = deps;
  const kept = await readPair(join(dataDir, FILE));
  if (kept !== undefined && (await works(store, kept))) return kept;
  const pair = newKeyPair(random);
  // The file first: a pair that is only in the database could never be shown.
  await writePair(dataDir, pair);
  await store.addKey(pair, owner);
  return pair;
}

async function works(store: CredentialStore, { keyId, secret }: KeyPair): Promise<boolean> {
  const key = await store.findKey(keyId);
  return key !== undefined && isSameHash(key.secretHash, hashCredential(secret));
}

async function readPair(path: string): Promise<KeyPair | undefined> {
  try {
    const content: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (!check.Check(content)) return undefined;
    return { keyId: content.key_id, secret: content.secret };
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isAbsent || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function writePair(dataDir: string, { keyId, secret }: KeyPair): Promise<void> {
  const content: Static<typeof FirstCredentials> = { key_id: keyId, secret };
  await mkdir(dataDir, { recursive: true });
  const partial = join(dataDir, `${FILE}.${process.pid}`);
  const file = await open(partial, 'w', 0o600);
  try {
    // An older file under this name would have kept its mode.
    await file.chmod(0o600);
    await file.writeFile(`${JSON.stringify(content, undefined, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(partial, join(dataDir, FILE));
}
