/**
 * The product's order route in a process of its own, with the log of choice: `memory` is the same
 * route without durability, `postgres` the product. Tells its port and key to its parent.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSettings } from '../../apps/server/src/config/settings.ts';
import { createMemoryLog } from '../../apps/server/src/log/memory/memory-log.ts';
import { welcome } from '../../apps/server/src/roles/first-venue.ts';
import { openInstallation } from '../../apps/server/src/roles/installation.ts';
import type { RoleDeps } from '../../apps/server/src/roles/role-deps.ts';
import { startRoles } from '../../apps/server/src/roles/role-table.ts';
import { createLogger } from '../../apps/server/src/runtime/logger.ts';
import { createCheckpointReader } from '../../apps/server/src/store/tables/checkpoint-reader.ts';
import { LogVenueHost } from '../../apps/server/src/venues/log-venue-host.ts';
import { VenueLifecycle } from '../../apps/server/src/venues/venue-lifecycle.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'rialto-bench-'));
const fail = (error: Error): void => {
  process.stderr.write(`${error.stack ?? error.message}\n`);
  process.exit(1);
};
const installation = await openInstallation({
  settings: parseSettings({
    RIALTO_DATA_DIR: dataDir,
    RIALTO_PORT: '0',
    RIALTO_ROLES: 'api,driver',
  }),
  logger: createLogger({ level: 'warn' }),
  onProgress: () => undefined,
  onFailure: fail,
});
const deps = process.argv[2] === 'memory' ? withMemoryLog(installation.deps) : installation.deps;
const { keyId, secret, venueId } = await welcome(deps);
const roles = await startRoles(deps);
const { venue } = await deps.host.replica(venueId);
while (venue.clock().session !== 'regular') await new Promise((resolve) => setTimeout(resolve, 20));
const replica = await deps.host.replica(venueId);
await replica.submit({ type: 'set_clock', at: venue.clock().time, speed: 1, paused: true });
process.send?.({ url: roles.api?.url, keyId, secret });

process.once('disconnect', () => {
  void roles[Symbol.asyncDispose]()
    .then(() => installation[Symbol.asyncDispose]())
    .then(() => rm(dataDir, { recursive: true, force: true }))
    .then(() => process.exit(0), fail);
});

function withMemoryLog(real: RoleDeps): RoleDeps {
  const log = createMemoryLog();
  const host = new LogVenueHost({ ...real, log });
  const tables = createCheckpointReader(real.sql);
  return { ...real, log, host, lifecycle: new VenueLifecycle({ ...real, log, host, tables }) };
}
