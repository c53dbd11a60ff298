/**
 * Starts the roles a process is asked for, in the order data needs them: tables before venues
 * are loaded, the leader next, callers last.
 */
import { startApiRole, type ApiRole } from './api-role.ts';
import { startDriverRole } from './driver-role.ts';
import type { RoleDeps } from './role-deps.ts';
import { startStoreRole } from './store-role.ts';

/** The running roles of a process. */
export interface Roles extends AsyncDisposable {
  /** Undefined when this process does not serve the API. */
  readonly api: ApiRole | undefined;
}

/** Starts the roles of the settings; rejects, with nothing left running, when one can't start. */
export async function startRoles(deps: RoleDeps): Promise<Roles> {
  const { roles } = deps.settings;
  const started: AsyncDisposable[] = [];
  const stop = async (): Promise<void> => {
    for (const role of started.splice(0).toReversed()) await role[Symbol.asyncDispose]();
  };
  try {
    if (roles.includes('store')) started.push(startStoreRole(deps));
    if (roles.includes('driver')) started.push(startDriverRole(deps));
    const api = roles.includes('api') ? await startApiRole(deps) : undefined;
    if (api !== undefined) started.push(api);
    return { api, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
