/** Venues, users, accounts and the credentials that speak for them. */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { describeTable } from './describe-table.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table venue (
      id         uuid primary key,
      name       text not null,
      run        integer not null,
      template   jsonb not null,
      tape_id    text not null,
      status     text not null check (status in ('running', 'ended')),
      created_at timestamptz not null default now(),
      ended_at   timestamptz
    );
    create table app_user (
      id           uuid primary key,
      display_name text not null,
      created_at   timestamptz not null default now()
    );
    create table account (
      venue_id       uuid not null references venue,
      account_index  integer not null,
      id             uuid not null,
      account_number text not null,
      user_id        uuid references app_user,
      is_current     boolean not null default true,
      created_at     timestamptz not null default now(),
      primary key (venue_id, account_index),
      unique (venue_id, id)
    );
    create unique index account_current on account (id) where is_current;
    create index account_user on account (user_id);
    create table api_key (
      key_id       text primary key,
      secret_hash  bytea not null,
      user_id      uuid not null references app_user,
      account_id   uuid not null,
      created_at   timestamptz not null default now(),
      revoked_at   timestamptz,
      last_used_at timestamptz
    );
    create index api_key_account on api_key (account_id);
    create table session (
      token_hash bytea primary key,
      user_id    uuid not null references app_user,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null
    );
    create table sign_in_link (
      token_hash bytea primary key,
      user_id    uuid not null references app_user,
      expires_at timestamptz not null,
      used_at    timestamptz
    );
  `.execute(db);
  await describeVenues(db);
  await describeUsers(db);
}

async function describeVenues(db: Kysely<unknown>): Promise<void> {
  await describeTable(db, 'venue', 'An isolated market: one partition of the log.', {
    id: 'Also the name of its log partition.',
    run: 'Counts the runs of one template: a restart makes the next run.',
    template: 'What the venue was opened with; a restart opens the next run with the same.',
    tape_id: 'Where outside market events come from: the data set of the recording.',
    ended_at: 'Wall time; null while the venue runs.',
  });
  await describeTable(
    db,
    'account',
    'An account in a venue. A restart carries it to the next run.',
    {
      account_index: 'Place in the venue: the number that events and orders carry.',
      id: 'Stable over runs; API keys name it.',
      account_number: 'What people read on statements.',
      user_id: 'Owner; null for accounts that belong to nobody.',
      is_current: 'True in the run that API keys of the account speak to.',
    },
  );
}

async function describeUsers(db: Kysely<unknown>): Promise<void> {
  await describeTable(db, 'app_user', 'A person who may sign in.', {
    display_name: 'What the page greets with.',
  });
  await describeTable(db, 'api_key', 'A key pair of an account.', {
    key_id: 'The public half, sent with every request.',
    secret_hash: 'SHA-256 of the secret half; the secret itself is shown once and not stored.',
    revoked_at: 'From here on the key is refused; null while it works.',
    last_used_at: 'Wall time, kept to about a minute.',
  });
  await describeTable(db, 'session', 'A signed-in browser.', {
    token_hash: 'SHA-256 of the cookie.',
    created_at: 'Sign-in; a session ends 30 days after it at the latest.',
    expires_at: 'Moved on while the session is used.',
  });
  await describeTable(db, 'sign_in_link', 'A link that signs in once.', {
    token_hash: 'SHA-256 of the token in the link.',
    user_id: 'Whom it signs in.',
    used_at: 'When it was used; null while it can be.',
  });
}
