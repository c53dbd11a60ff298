/** Where the data sets are that ship with the project. */
import { fileURLToPath } from 'node:url';

/** Their directory: `datasets` at the root of the checkout, from `src` and from `dist` alike. */
export const SHIPPED_DATASETS: string = fileURLToPath(
  new URL('../../../../../datasets', import.meta.url),
);
