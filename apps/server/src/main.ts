/** The entry of the server and of `npx rialto`: the commands, wired. */
import { addImportCommand } from './cli/import-command.ts';
import { runCli } from './cli/run-cli.ts';
import { systemTerminal } from './cli/terminal.ts';
import { addUpCommand } from './cli/up.ts';
import { verifyCommand } from './cli/verify-command.ts';
import { verifyInstallation } from './roles/verify-installation.ts';
import { VERSION } from './roles/version.ts';

process.exitCode = await runCli(process.argv.slice(2), {
  terminal: systemTerminal,
  version: VERSION,
  commands: [addUpCommand, addImportCommand, verifyCommand(verifyInstallation)],
});
