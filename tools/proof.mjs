// Runs one proof: `npm run proof foundation-1 [-- --quick]`. A proof prints each figure beside its
// goal and exits non-zero when one falls short or did not run. Without a name: the list.
import { runNamed } from './run-named.mjs';

await runNamed({ folder: 'proofs', what: 'proof' });
