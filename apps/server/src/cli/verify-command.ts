/** `rialto verify`: proves from the log that the state and the ledger are what they should be. */
import type { Command } from 'commander';
import type { Settings } from '../config/settings.ts';
import type { VerifiedCheck } from '../roles/verify-venues.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** Runs the checks on an installation that is not running, and tells each as it is done. */
export type Verify = (settings: Settings) => AsyncIterable<VerifiedCheck>;

/** The command over the checks; `verifyInstallation` but in tests. */
export function verifyCommand(verify: Verify) {
  return (program: Command, terminal: Terminal, finish: (exitCode: ExitCode) => void): void => {
    program
      .command('verify')
      .summary('check the log, the state and the ledger')
      .description(
        'Replays the log of every venue and compares state, ledger and tables. The server must not run.',
      )
      .action(async () => {
        let failed = 0;
        for await (const { what, problems } of verify(terminal.settings())) {
          terminal.print(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${what}`);
          for (const problem of problems) terminal.print(`       ${problem}`);
          if (problems.length > 0) failed += 1;
        }
        terminal.print(failed === 0 ? 'everything holds' : `${failed} checks failed`);
        finish(failed === 0 ? EXIT.ok : EXIT.failed);
      });
  };
}
