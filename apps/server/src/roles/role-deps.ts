/** What every role is given. A role takes what it needs and starts nothing of this itself. */
import type { Logger } from 'pino';
import type { Sql } from '../store/database.ts';
import type { Settings } from '../config/settings.ts';
import type { Log } from '../log/log.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { SnapshotStore } from '../venues/snapshot-keeper.ts';
import type { TapeLibrary } from '../venues/tape-library.ts';
import type { VenueHost } from '../venues/venue-host.ts';
import type { VenueLifecycle } from '../venues/venue-lifecycle.ts';
import type { VenueRegistry } from '../venues/venue-registry.ts';

export interface RoleDeps {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: Random;
  readonly sql: Sql;
  readonly log: Log;
  readonly tapes: TapeLibrary;
  readonly registry: VenueRegistry;
  readonly snapshots: SnapshotStore;
  readonly host: VenueHost;
  readonly lifecycle: VenueLifecycle;
  /** Something that can't go on: the process logs it, stops, and exits non-zero. */
  readonly onFailure: (error: Error) => void;
}
