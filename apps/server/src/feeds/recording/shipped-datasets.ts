/** The data sets that ship with the project. */
import { fileURLToPath } from 'node:url';

/** Their directory: `datasets` at the root of the checkout, from `src` and from `dist` alike. */
export const SHIPPED_DATASETS: string = fileURLToPath(
  new URL('../../../../../datasets', import.meta.url),
);

/** The one that the first start plays. */
export const FIRST_DATASET = 'us-equities-2013-10-07';
