/**
 * `rialto up` (and `npm start`): opens the data directory, starts the roles, says where they
 * are, and runs until Ctrl-C or SIGTERM.
 *
 * Whatever keeps it from starting is one line on stderr and a non-zero exit code.
 */
import { parseArgs } from 'node:util';
import { readEnv } from '../config/read-env.ts';
import { EXIT_CONFIG, SettingsError, type Settings } from '../config/settings.ts';
import { openInstallation } from '../roles/installation.ts';
import { startRoles } from '../roles/role-table.ts';
import { welcome } from '../roles/first-venue.ts';
import { createLogger } from '../runtime/logger.ts';
import { startFacts, welcomeText, type StartFacts } from './welcome-text.ts';

const USAGE = 'usage: rialto up [--json]';

/** Exit code for wrong arguments: EX_USAGE of sysexits.h. */
const EXIT_USAGE = 64;

/** Starts everything and resolves with the exit code once all is stopped. */
export async function runUp(args: readonly string[]): Promise<number> {
  const json = parseUpArgs(args);
  if (json === undefined) return fail(USAGE, EXIT_USAGE);
  let settings: Settings;
  try {
    settings = readEnv();
  } catch (error) {
    if (error instanceof SettingsError) return fail(error.message, EXIT_CONFIG);
    throw error;
  }
  try {
    return await run(settings, json);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error), 1);
  }
}

async function run(settings: Settings, json: boolean): Promise<number> {
  const logger = createLogger({ level: settings.logLevel });
  const stop = stopRequest();
  const installation = await openInstallation({
    settings,
    logger,
    onProgress: (line) => {
      process.stderr.write(`rialto: ${line}\n`);
    },
    onFailure: (error) => {
      logger.fatal({ err: error }, 'stopping, because something cannot go on');
      stop.request(1);
    },
  });
  try {
    const made = await welcome(installation.deps);
    const roles = await startRoles(installation.deps);
    try {
      const facts = startFacts(settings, made, roles.api);
      process.stdout.write(json ? `${JSON.stringify(facts)}\n` : welcomeText(facts));
      return await stop.requested;
    } finally {
      await roles[Symbol.asyncDispose]();
    }
  } finally {
    await installation[Symbol.asyncDispose]();
    stop.done();
    logger.info('stopped');
  }
}

function parseUpArgs(args: readonly string[]): boolean | undefined {
  try {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' } } });
    return values.json ?? false;
  } catch {
    return undefined;
  }
}

interface StopRequest {
  /** Resolves with the exit code when a signal or a failure asks to stop. */
  readonly requested: Promise<number>;
  request(exitCode: number): void;
  /** Takes the signal handlers away: from then on a signal ends the process at once. */
  done(): void;
}

function stopRequest(): StopRequest {
  let request: (exitCode: number) => void = () => undefined;
  const requested = new Promise<number>((resolve) => (request = resolve));
  const onSignal = (): void => {
    request(0);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    requested,
    request,
    done: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}

function fail(line: string, exitCode: number): number {
  process.stderr.write(`rialto: ${line}\n`);
  return exitCode;
}

export type { StartFacts };
