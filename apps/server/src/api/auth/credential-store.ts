/**
 * Users, keys, sessions and sign-in links in the database (store/migrations/0002-venue.ts).
 *
 * Only hashes are stored. Every statement that decides something decides it in the database, so
 * that a link works once however many processes are asked at the same time.
 */
import type { Random } from '../../runtime/random.ts';
import type { Sql } from '../../store/database.ts';
import { hashCredential, type KeyPair, newToken } from './credential-format.ts';

/** A session that is not used ends after this long … */
export const SESSION_IDLE_S: number = 7 * 86_400;
/** … and any session this long after its sign-in. */
export const SESSION_MAX_S: number = 30 * 86_400;
/** A sign-in link that is not used ends after this long. */
export const LINK_VALID_S: number = 86_400;

/** The account that speaks, and where it stands now. */
export interface Speaker {
  readonly userId: string;
  readonly venueId: string;
  readonly account: number;
  readonly accountNumber: string;
}

export interface KeyRecord extends Speaker {
  readonly secretHash: Uint8Array;
}

/** What the page shows of a session. */
export interface SessionFacts {
  readonly userName: string;
  readonly accountId: string;
  /** Public half of the oldest working key; empty when there is none. */
  readonly keyId: string;
}

export class CredentialStore {
  private readonly sql: Sql;
  private readonly random: Random;

  constructor(sql: Sql, random: Random) {
    this.sql = sql;
    this.random = random;
  }

  /** Adds a user; resolves with the id. */
  async createUser(displayName: string): Promise<string> {
    const id = this.random.uuid();
    await this.sql`insert into app_user (id, display_name) values (${id}, ${displayName})`;
    return id;
  }

  /** The user that the first start made; `undefined` before it. */
  async firstUser(): Promise<string | undefined> {
    const [user] = await this.sql<{ id: string }[]>`
      select id::text from app_user order by created_at, id limit 1`;
    return user?.id;
  }

  /** The account a user's sessions speak for; `undefined` when it has none. */
  async accountOf(userId: string): Promise<(Speaker & { readonly accountId: string }) | undefined> {
    const [account] = await this.sql<(Speaker & { accountId: string })[]>`
      select user_id::text as "userId", venue_id::text as "venueId", account_index as account,
        account_number as "accountNumber", id::text as "accountId"
      from account where user_id = ${userId} and is_current
      order by created_at, account_index limit 1`;
    return account;
  }

  /** Stores a key of an account, without its secret. */
  async addKey(
    pair: KeyPair,
    owner: { readonly userId: string; readonly accountId: string },
  ): Promise<void> {
    await this.sql`
      insert into api_key (key_id, secret_hash, user_id, account_id)
      values (${pair.keyId}, ${hashCredential(pair.secret)}, ${owner.userId}, ${owner.accountId})`;
  }

  /** From here on the key is refused; false when it was already, or never worked. */
  async revokeKey(keyId: string): Promise<boolean> {
    const { count } = await this.sql`
      update api_key set revoked_at = now() where key_id = ${keyId} and revoked_at is null`;
    return count > 0;
  }

  /** A key that works, with the place of its account. */
  async findKey(keyId: string): Promise<KeyRecord | undefined> {
    const [key] = await this.sql<KeyRecord[]>`
      select k.secret_hash as "secretHash", k.user_id::text as "userId",
        a.venue_id::text as "venueId", a.account_index as account,
        a.account_number as "accountNumber"
      from api_key k join account a on a.id = k.account_id and a.is_current
      where k.key_id = ${keyId} and k.revoked_at is null`;
    return key;
  }

  /** Notes that a key was used, at most once a minute. */
  async noteKeyUse(keyId: string): Promise<void> {
    await this.sql`
      update api_key set last_used_at = now()
      where key_id = ${keyId}
        and (last_used_at is null or last_used_at < now() - interval '1 minute')`;
  }

  /** Makes a link that signs in once; resolves with its token. */
  async createLink(userId: string): Promise<string> {
    const token = newToken(this.random, 'rsl');
    await this.sql.begin(async (tx) => {
      await tx`delete from sign_in_link where expires_at < now() or used_at is not null`;
      await tx`delete from session where expires_at < now()`;
      await tx`
        insert into sign_in_link (token_hash, user_id, expires_at)
        values (${hashCredential(token)}, ${userId}, now() + make_interval(secs => ${LINK_VALID_S}))`;
    });
    return token;
  }

  /** Uses a link: the token of a new session, or `undefined` when it was used or has expired. */
  async useLink(linkToken: string): Promise<string | undefined> {
    const token = newToken(this.random, 'rst');
    const { count } = await this.sql`
      with used as (
        update sign_in_link set used_at = now()
        where token_hash = ${hashCredential(linkToken)} and used_at is null and expires_at > now()
        returning user_id
      )
      insert into session (token_hash, user_id, expires_at)
      select ${hashCredential(token)}, user_id, now() + make_interval(secs => ${SESSION_IDLE_S})
      from used`;
    return count > 0 ? token : undefined;
  }

  /** Whom a session speaks for; using it moves its end on, at most once an hour. */
  async findSession(tokenHash: Uint8Array): Promise<Speaker | undefined> {
    const [session] = await this.sql<{ userId: string; isAging: boolean }[]>`
      select user_id::text as "userId",
        expires_at < now() + make_interval(secs => ${SESSION_IDLE_S - 3_600}) as "isAging"
      from session where token_hash = ${tokenHash} and expires_at > now()`;
    if (session === undefined) return undefined;
    if (session.isAging) {
      await this.sql`
        update session set expires_at = least(
          now() + make_interval(secs => ${SESSION_IDLE_S}),
          created_at + make_interval(secs => ${SESSION_MAX_S}))
        where token_hash = ${tokenHash}`;
    }
    return this.accountOf(session.userId);
  }

  /** Ends a session. */
  async endSession(token: string): Promise<void> {
    await this.sql`delete from session where token_hash = ${hashCredential(token)}`;
  }

  /** What the page shows of the account that speaks. */
  async sessionFacts(speaker: Speaker): Promise<SessionFacts | undefined> {
    const [facts] = await this.sql<SessionFacts[]>`
      select u.display_name as "userName", a.id::text as "accountId",
        coalesce((select k.key_id from api_key k
          where k.account_id = a.id and k.revoked_at is null
          order by k.created_at, k.key_id limit 1), '') as "keyId"
      from account a join app_user u on u.id = a.user_id
      where a.venue_id = ${speaker.venueId} and a.account_index = ${speaker.account}`;
    return facts;
  }
}
