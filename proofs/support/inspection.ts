/** Looks into a data directory that no server runs on, with the checks of `rialto verify`. */
import { pino } from 'pino';
import { parseSettings } from '../../apps/server/src/config/settings.ts';
import { openInstallation } from '../../apps/server/src/roles/installation.ts';
import { verifyVenues, type VerifiedVenue } from '../../apps/server/src/roles/verify-venues.ts';
import type { Sql } from '../../apps/server/src/store/database.ts';
import type { Report } from './report.ts';

/**
 * Verifies the running venue of a data directory, tells each check, and lets `look` read the
 * tables afterwards.
 */
export async function inspect<T>(
  dataDir: string,
  report: Report,
  look: (sql: Sql, verified: VerifiedVenue) => Promise<T>,
): Promise<T> {
  await using installation = await openInstallation({
    settings: parseSettings({ RIALTO_DATA_DIR: dataDir }),
    logger: pino({ level: 'warn' }),
    onProgress: () => undefined,
    onFailure: (error) => {
      throw error;
    },
  });
  let verified: VerifiedVenue | undefined;
  for await (const venue of verifyVenues(installation.deps)) {
    verified = venue;
    for (const { what, problems } of venue.checks) {
      for (const problem of problems.slice(0, 5)) report.note(`     ${problem}`);
      report.exactly(`verify, ${what}: faults`, problems.length, 0);
    }
  }
  if (verified === undefined) throw new Error('no venue is running');
  return await look(installation.deps.sql, verified);
}
