/**
 * Names the caller of a request from its key or its session (the port is api/principal.ts).
 *
 * The usual request is answered from memory in a few microseconds: one hash, one look-up,
 * one comparison. Wrong keys are counted per address; an address with too many is not let to
 * the database again until they are forgotten, while keys that are known to work go on working.
 */
import type { Logger } from 'pino';
import type { MonotonicClock } from '../../runtime/clock.ts';
import type {
  Authentication,
  AuthenticationRefusal,
  Authenticator,
  Principal,
  RequestHead,
} from '../principal.ts';
import { AttemptLimiter } from './attempt-limiter.ts';
import {
  hashCredential,
  isKeyPair,
  isSameHash,
  isToken,
  type KeyPair,
} from './credential-format.ts';
import type { CredentialStore, KeyRecord, Speaker } from './credential-store.ts';
import { RecentCache } from './recent-cache.ts';
import { mayWriteWithCookie, readCredentials } from './request-credentials.ts';

export class CredentialAuthenticator implements Authenticator {
  private readonly store: CredentialStore;
  private readonly logger: Logger;
  private readonly limiter: AttemptLimiter;
  private readonly keys: RecentCache<KeyRecord & { readonly principal: Principal }>;
  private readonly sessions: RecentCache<Principal>;

  constructor(deps: {
    readonly store: CredentialStore;
    readonly clock: MonotonicClock;
    readonly logger: Logger;
  }) {
    const { store, clock, logger } = deps;
    this.store = store;
    this.logger = logger.child({ module: 'auth' });
    this.limiter = new AttemptLimiter(clock);
    this.keys = new RecentCache(clock, async (keyId) => {
      const key = await store.findKey(keyId);
      return key === undefined ? undefined : { ...key, principal: principalOf(key, 'api_key') };
    });
    this.sessions = new RecentCache(clock, async (hash) => {
      const speaker = await store.findSession(Buffer.from(hash, 'base64'));
      return speaker === undefined ? undefined : principalOf(speaker, 'session');
    });
  }

  /** Rejects only when the database cannot be asked. */
  authenticate(request: RequestHead): Authentication | Promise<Authentication> {
    const credentials = readCredentials(request.headers);
    if (credentials.kind === 'none') return refused('credentials_missing');
    if (credentials.kind === 'key') return this.byKey(credentials.pair, addressOf(request));
    return this.bySession(credentials.token, request);
  }

  /**
   * Forgets what was looked up: call it when this process has revoked a key, ended a session, or
   * moved an account to another venue, so that it counts at once.
   */
  forget(): void {
    this.keys.clear();
    this.sessions.clear();
  }

  private byKey(pair: KeyPair, address: string): Authentication | Promise<Authentication> {
    const known = this.keys.recent(pair.keyId);
    if (known === undefined) return this.byUnknownKey(pair, address);
    return isSameHash(known.secretHash, hashCredential(pair.secret))
      ? { ok: true, principal: known.principal }
      : this.wrongKey(address);
  }

  private async byUnknownKey(pair: KeyPair, address: string): Promise<Authentication> {
    const { keyId, secret } = pair;
    if (!isKeyPair(pair)) return this.wrongKey(address);
    if (!this.hasWorked(pair) && this.limiter.isBlocked(address)) {
      return refused('too_many_attempts');
    }
    const key = await this.keys.ask(keyId);
    if (key === undefined || !isSameHash(key.secretHash, hashCredential(secret)))
      return this.wrongKey(address);
    this.store.noteKeyUse(keyId).catch((error: unknown) => {
      this.logger.warn({ err: error, key_id: keyId }, 'use of a key was not noted');
    });
    return { ok: true, principal: key.principal };
  }

  /** Whether the pair was right when it was last looked up: a guesser beside it can't bar it. */
  private hasWorked({ keyId, secret }: KeyPair): boolean {
    const last = this.keys.last(keyId);
    return last !== undefined && isSameHash(last.secretHash, hashCredential(secret));
  }

  private wrongKey(address: string): Authentication {
    if (this.limiter.isBlocked(address)) return refused('too_many_attempts');
    this.limiter.failed(address);
    return refused('credentials_wrong');
  }

  private bySession(token: string, request: RequestHead): Authentication | Promise<Authentication> {
    if (!isToken(token)) return refused('credentials_wrong');
    if (!mayWriteWithCookie(request)) return refused('not_from_page');
    const hash = hashCredential(token).toString('base64');
    const known = this.sessions.recent(hash);
    if (known !== undefined) return { ok: true, principal: known };
    return this.sessions
      .ask(hash)
      .then((principal) =>
        principal === undefined ? refused('credentials_wrong') : { ok: true, principal },
      );
  }
}

function principalOf(speaker: Speaker, via: Principal['via']): Principal {
  const { userId, venueId, account, accountNumber } = speaker;
  return { userId, venueId, account, accountNumber, scope: 'trade', via };
}

function refused(reason: AuthenticationRefusal): Authentication {
  return { ok: false, reason };
}

/** A connection that is gone has no address any more. */
function addressOf({ socket }: RequestHead): string {
  return socket.remoteAddress ?? '';
}
