/**
 * The command line: `rialto <command>`.
 *
 * Every command is a function that adds itself to the program and returns its exit code through
 * `finish`. Answers go to stdout, everything else to stderr. An expected failure is one line
 * per problem; anything else is a bug and keeps its stack.
 */
import { Command, CommanderError } from 'commander';
import { SettingsError } from '../config/settings.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** Adds one command to the program; the command calls `finish` when it is done. */
export type AddCommand = (
  program: Command,
  terminal: Terminal,
  finish: (exitCode: ExitCode) => void,
) => void;

export interface CliOptions {
  readonly terminal: Terminal;
  readonly version: string;
  readonly commands: readonly AddCommand[];
}

/** Runs a command line (without program and script name); resolves with the exit code. */
export async function runCli(args: readonly string[], options: CliOptions): Promise<ExitCode> {
  const { terminal, version, commands } = options;
  let exitCode: ExitCode = EXIT.ok;
  const program = new Command('rialto')
    .description('A stock market you can run.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.tell(text.trimEnd()),
    });
  for (const addCommand of commands) {
    addCommand(program, terminal, (code) => {
      exitCode = code;
    });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, terminal);
  }
}

/** Tells what went wrong; rethrows what nobody expected. */
function report(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof SettingsError) {
    for (const problem of error.problems) terminal.tell(`rialto: ${problem}`);
    return EXIT.config;
  }
  // Errors that say what to do carry a code.
  if (!(error instanceof Error) || !('code' in error)) throw error;
  terminal.tell(`rialto: ${error.message}`);
  return EXIT.failed;
}
