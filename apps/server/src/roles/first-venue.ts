/**
 * What the first start makes: one user, one account, one venue that plays the shipped day.
 *
 * Every later start finds them. Each step looks for what is there before it makes anything, so
 * a start that was cut short is finished by the next one.
 */
import { newYorkDay } from '@rialto/engine/calendar/new-york';
import { tradingHours } from '@rialto/engine/calendar/exchange-calendar';
import { CredentialStore } from '../api/auth/credential-store.ts';
import { ensureFirstCredentials } from '../api/auth/first-credentials.ts';
import type { RoleDeps } from './role-deps.ts';

/** The data set that ships with the project. */
const FIRST_DATASET = 'us-equities-2013-10-07';
const FIRST_VENUE_NAME = 'US equities, 7 October 2013';
const FIRST_USER_NAME = 'Owner';
const FIRST_ACCOUNT_NUMBER = 'RI0000001';

/** What the terminal shows at every start. */
export interface Welcome {
  readonly venueId: string;
  readonly keyId: string;
  readonly secret: string;
  /** The token of a link that signs in once. */
  readonly signInToken: string;
}

/** Makes what is missing and a new sign-in link. */
export async function welcome(deps: RoleDeps): Promise<Welcome> {
  const { sql, random, settings } = deps;
  const credentials = new CredentialStore(sql, random);
  const userId = (await credentials.firstUser()) ?? (await credentials.createUser(FIRST_USER_NAME));
  if ((await credentials.accountOf(userId)) === undefined) await openFirstVenue(deps, userId);
  const account = await credentials.accountOf(userId);
  if (account === undefined) throw new Error('the first account is not there');
  const pair = await ensureFirstCredentials({
    dataDir: settings.dataDir,
    store: credentials,
    random,
    owner: { userId, accountId: account.accountId },
  });
  return {
    venueId: account.venueId,
    keyId: pair.keyId,
    secret: pair.secret,
    signInToken: await credentials.createLink(userId),
  };
}

async function openFirstVenue(deps: RoleDeps, userId: string): Promise<void> {
  const { tape } = await deps.tapes.load(FIRST_DATASET);
  const openAt = tradingHours(newYorkDay(tape.time(0))).open;
  const account = {
    id: deps.random.uuid(),
    accountNumber: FIRST_ACCOUNT_NUMBER,
    userId,
    accountIndex: 0,
  };
  await deps.lifecycle.open(FIRST_VENUE_NAME, { dataset: FIRST_DATASET, openAt }, [account]);
}
