/**
 * `rialto verify`: opens a data directory that no server runs on, checks every running venue in
 * it, and closes it again.
 */
import { access } from 'node:fs/promises';
import type { Settings } from '../config/settings.ts';
import { createLogger } from '../runtime/logger.ts';
import { openInstallation } from './installation.ts';
import { verifyVenues, type VerifiedCheck } from './verify-venues.ts';

/** There is nothing to verify. */
export class NothingToVerifyError extends Error {
  readonly code = 'nothing_to_verify';
  override readonly name = 'NothingToVerifyError';
}

/**
 * Yields each check as it is done. Rejects with `EmbeddedPostgresError` (`data_dir_in_use`) when
 * a server runs on the directory, and with `NothingToVerifyError`.
 */
export async function* verifyInstallation(settings: Settings): AsyncGenerator<VerifiedCheck> {
  if (settings.databaseUrl === undefined) await mustExist(settings.dataDir);
  const failures: Error[] = [];
  await using installation = await openInstallation({
    settings,
    logger: createLogger({ level: 'silent' }),
    onProgress: () => undefined,
    onFailure: (error) => failures.push(error),
  });
  let venues = 0;
  for await (const { checks } of verifyVenues(installation.deps)) {
    venues++;
    yield* checks;
  }
  const [failure] = failures;
  if (failure !== undefined) throw failure;
  if (venues === 0) throw new NothingToVerifyError(`${settings.dataDir} holds no running venue`);
}

async function mustExist(dataDir: string): Promise<void> {
  try {
    await access(dataDir);
  } catch (error) {
    throw new NothingToVerifyError(`there is no data directory ${dataDir}`, { cause: error });
  }
}
