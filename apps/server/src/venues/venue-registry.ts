/**
 * Which venues there are and which accounts stand in them: the tables `venue` and `account`.
 *
 * A venue is `running` while its account holders trade in it and `ended` once a restart replaced
 * it by the next run. A row is written only after the venue's first records are durable in the
 * log, so every row has a log.
 */
import type { Sql } from '../store/database.ts';

/** What a venue is made from; a restart makes the next run from the same template. */
export interface VenueTemplate {
  /** Name of the data set its tape plays. */
  readonly dataset: string;
  /** Venue time (microseconds) up to which it plays at once; then at its speed. */
  readonly openAt: number;
}

export interface VenueRow {
  readonly id: string;
  readonly name: string;
  /** 1 for the first play of the template, 2 after one restart … */
  readonly run: number;
  readonly template: VenueTemplate;
  readonly status: 'running' | 'ended';
}

/** An account and its place in one venue. */
export interface AccountRow {
  readonly id: string;
  readonly accountNumber: string;
  readonly userId: string;
  readonly accountIndex: number;
}

export interface VenueRegistry {
  get(venueId: string): Promise<VenueRow | undefined>;
  /** Newest first; `before` is the id of the last venue of the page before. */
  list(page: { readonly limit: number; readonly before?: string }): Promise<readonly VenueRow[]>;
  /** Venues that a driver has to lead. */
  running(): Promise<readonly VenueRow[]>;
  accounts(venueId: string): Promise<readonly AccountRow[]>;
  /** Adds a running venue with its accounts and ends the one it replaces, all at once. */
  open(
    venue: Omit<VenueRow, 'status'>,
    accounts: readonly AccountRow[],
    replaces?: string,
  ): Promise<void>;
}

/** The registry over Postgres. */
export function createVenueRegistry(sql: Sql): VenueRegistry {
  const columns = sql`id::text, name, run, template, status`;
  return {
    async get(venueId) {
      const rows = await sql<VenueRow[]>`select ${columns} from venue where id = ${venueId}`;
      return rows[0];
    },
    list({ limit, before }) {
      const older =
        before === undefined
          ? sql``
          : sql`where (created_at, id) < (select created_at, id from venue where id = ${before})`;
      return sql<VenueRow[]>`
        select ${columns} from venue ${older} order by created_at desc, id desc limit ${limit}`;
    },
    running: () => sql<VenueRow[]>`select ${columns} from venue where status = 'running'`,
    accounts: (venueId) => sql<AccountRow[]>`
      select id::text, account_number as "accountNumber", user_id::text as "userId",
        account_index as "accountIndex"
      from account where venue_id = ${venueId} order by account_index`,
    async open({ id, name, run, template }, accounts, replaces) {
      await sql.begin(async (tx) => {
        if (replaces !== undefined) {
          await tx`update venue set status = 'ended', ended_at = now() where id = ${replaces}`;
          await tx`update account set is_current = false where venue_id = ${replaces}`;
        }
        await tx`
          insert into venue (id, name, run, template, tape_id, status)
          values (${id}, ${name}, ${run}, ${sql.json({ ...template })}, ${template.dataset}, 'running')`;
        for (const account of accounts) {
          await tx`
            insert into account (venue_id, account_index, id, account_number, user_id)
            values (${id}, ${account.accountIndex}, ${account.id}, ${account.accountNumber},
              ${account.userId})`;
        }
      });
    },
  };
}
