/**
 * One process per data directory.
 *
 * Each starter writes a claim file of its own (unique name, so nobody ever deletes another's
 * live claim by mistake), then looks at all claims. Alone: it holds the lock and says so in its
 * claim. A holder is there: refused. Other starters are there: the smallest name stays, the
 * others withdraw and look again. Why two can never hold: both listed the directory after
 * writing their claim, so the later writer saw the earlier one's. A claim of a dead process
 * (pid and start time) is removed by whoever meets it.
 *
 * The processes must see each other's pids: one host, one pid namespace.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  dataDirError,
  EmbeddedPostgresError,
  systemErrorCode,
} from './embedded/embedded-postgres-error.ts';
import { isAlive, processStartMark } from './process-identity.ts';

/** Held until disposed or until the process dies. */
export interface InstanceLock extends AsyncDisposable {
  /** The claim file. */
  readonly path: string;
}

const CLAIM_PREFIX = 'instance-';
const CLAIM_SUFFIX = '.lock';
const RETRY_MS = 15;
const PATIENCE_MS = 10_000;

/** What a claim file says, one field per line. */
interface Claim {
  readonly name: string;
  readonly pid: number;
  readonly startMark: string;
  readonly held: boolean;
}

/**
 * Takes the data directory for this process, creating the directory when it is missing.
 * Throws `EmbeddedPostgresError` with code `data_dir_in_use`, naming the pid, when another live
 * process holds it.
 */
export async function takeInstanceLock(dataDir: string): Promise<InstanceLock> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    return await contend(dataDir);
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error;
    throw dataDirError(dataDir, error);
  }
}

async function contend(dataDir: string): Promise<InstanceLock> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  const name = `${CLAIM_PREFIX}${randomBytes(8).toString('hex')}${CLAIM_SUFFIX}`;
  const path = join(dataDir, name);
  let claimed = false;
  try {
    for (;;) {
      const others = (await liveClaims(dataDir)).filter((claim) => claim.name !== name);
      const holder = others.find((claim) => claim.held);
      if (holder !== undefined) throw inUse(dataDir, holder);
      if (others.length === 0) {
        if (claimed) break;
        await writeClaim(path);
        claimed = true;
        continue;
      }
      if (claimed && others.some((claim) => claim.name < name)) {
        await rm(path, { force: true });
        claimed = false;
      }
      const slowest = others[0];
      if (performance.now() > giveUpAt && slowest !== undefined) throw inUse(dataDir, slowest);
      await delay(RETRY_MS * (0.5 + Math.random()));
    }
    await markHeld(path);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}

function inUse(dataDir: string, claim: Claim): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'data_dir_in_use',
    `data directory ${dataDir} is in use by process ${claim.pid}`,
  );
}

/** Written under another name first: whoever sees a claim sees all of it. */
async function writeClaim(path: string): Promise<void> {
  const partial = path.slice(0, -CLAIM_SUFFIX.length);
  const startMark = await processStartMark(process.pid);
  await writeFile(partial, `starting\n${process.pid}\n${startMark}\n`, { mode: 0o644 });
  await rename(partial, path);
}

/** Overwrites `starting` in place by `running `: same length, so no reader sees a torn file. */
async function markHeld(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.write('running ', 0);
  } finally {
    await file.close();
  }
}

async function liveClaims(dataDir: string): Promise<readonly Claim[]> {
  const claims: Claim[] = [];
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(CLAIM_PREFIX) || !name.endsWith(CLAIM_SUFFIX)) continue;
    const claim = await readClaim(dataDir, name);
    if (claim === undefined) continue;
    if (await isOwnerAlive(claim)) claims.push(claim);
    else await rm(join(dataDir, name), { force: true });
  }
  return claims;
}

/** Undefined when the claim was withdrawn since the directory was listed. */
async function readClaim(dataDir: string, name: string): Promise<Claim | undefined> {
  try {
    const [state = '', pid = '', startMark = ''] = (
      await readFile(join(dataDir, name), 'utf8')
    ).split('\n');
    return { name, pid: Number(pid), startMark, held: state.trim() === 'running' };
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function isOwnerAlive({ pid, startMark }: Claim): Promise<boolean> {
  if (!Number.isSafeInteger(pid) || pid <= 0 || !isAlive(pid)) return false;
  if (startMark === '') return true;
  const now = await processStartMark(pid);
  return now === '' || now === startMark;
}
