// Runs one benchmark: `npm run bench match`. A benchmark prints ratios against a peer measured
// in the same rounds, min..median..max, and exits non-zero when a goal falls short.
import { runNamed } from './run-named.mjs';

await runNamed({ folder: 'bench', what: 'bench', nodeArgs: ['--expose-gc'] });
