/** GET /v2/account. */
import { alpacaAccountSchema } from '@rialto/contracts/alpaca/account';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '../http/api-error.ts';
import { type CallerDeps, withCaller } from '../http/caller.ts';
import { accountJson } from './account-json.ts';
import { tradingResponses } from './route-schemas.ts';

/** Adds the account route. */
export function addAccountRoutes(app: FastifyInstance, deps: CallerDeps): void {
  app.get(
    '/v2/account',
    {
      schema: {
        tags: ['trading'],
        summary: 'The account of the API key',
        response: tradingResponses(alpacaAccountSchema),
      },
    },
    withCaller(deps, 'read', ({ principal, replica }) => {
      const account = replica.venue.account(principal.account);
      if (account === undefined) throw new ApiError('account_not_found');
      return accountJson(account, principal.accountNumber, replica.venue);
    }),
  );
}
