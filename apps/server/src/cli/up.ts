/**
 * `rialto up` (and `npm start`): opens the data directory, starts the roles, says where they
 * are, and runs until Ctrl-C or SIGTERM.
 *
 * Whatever keeps it from starting is an error with a code and one line for the terminal.
 */
import type { Command } from 'commander';
import type { Settings } from '../config/settings.ts';
import { openInstallation } from '../roles/installation.ts';
import { startRoles } from '../roles/role-table.ts';
import { welcome } from '../roles/first-venue.ts';
import { createLogger } from '../runtime/logger.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';
import { startFacts, welcomeText } from './welcome-text.ts';

/** Adds the command; it is the one that runs when none is named. */
export function addUpCommand(
  program: Command,
  terminal: Terminal,
  finish: (exitCode: ExitCode) => void,
): void {
  program
    .command('up', { isDefault: true })
    .summary('start the market, the API and the page')
    .option('--json', 'print the start-up facts as one JSON line')
    // As the default command it gets every word that names no command.
    .allowExcessArguments()
    .action(async ({ json = false }: { readonly json?: boolean }, command: Command) => {
      const [word] = command.args;
      if (word !== undefined) command.error(`error: unknown command '${word}'`);
      finish(await runUp(terminal, terminal.settings(), json));
    });
}

async function runUp(terminal: Terminal, settings: Settings, json: boolean): Promise<ExitCode> {
  const logger = createLogger({ level: settings.logLevel });
  const stop = stopRequest();
  const installation = await openInstallation({
    settings,
    logger,
    onProgress: (line) => {
      terminal.tell(`rialto: ${line}`);
    },
    onFailure: (error) => {
      logger.fatal({ err: error }, 'stopping, because something cannot go on');
      stop.request(EXIT.failed);
    },
  });
  try {
    const made = await welcome(installation.deps);
    const roles = await startRoles(installation.deps);
    try {
      const facts = startFacts(settings, made, roles.api);
      terminal.print(json ? JSON.stringify(facts) : welcomeText(facts));
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

interface StopRequest {
  /** Resolves with the exit code when a signal or a failure asks to stop. */
  readonly requested: Promise<ExitCode>;
  request(exitCode: ExitCode): void;
  /** Takes the signal handlers away: from then on a signal ends the process at once. */
  done(): void;
}

function stopRequest(): StopRequest {
  const stopping = new AbortController();
  const { signal } = stopping;
  const requested = new Promise<ExitCode>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve(signal.reason as ExitCode);
    });
  });
  const onSignal = (): void => {
    stopping.abort(EXIT.ok);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    requested,
    request: (exitCode) => {
      stopping.abort(exitCode);
    },
    done: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
