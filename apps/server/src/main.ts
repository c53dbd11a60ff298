/** The entry of the server: the command line `rialto up`, with its arguments. */
import { runUp } from './cli/up.ts';

process.exitCode = await runUp(process.argv.slice(2));
