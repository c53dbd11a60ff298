/** axe-core's judgment of the page as it stands. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What axe found: rules that are broken, each with the places, and how many it tried. */
export interface AxeFindings {
  readonly violations: readonly string[];
  readonly passes: number;
}

/** The part of axe's answer that is read here. */
interface AxeAnswer {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly target: readonly unknown[] }[];
  }[];
  readonly passes: readonly unknown[];
}

/** Runs the rules of WCAG 2.2 AA. */
export async function runAxe(page: Page): Promise<AxeFindings> {
  const path = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  // As the debugger's expression: the page's own policy lets no foreign script in.
  await page.evaluate(await readFile(path, 'utf8'));
  const options = JSON.stringify({ runOnly: { type: 'tag', values: TAGS } });
  const answer: AxeAnswer = await page.evaluate(`axe.run(document, ${options})`);
  return {
    violations: answer.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => String(target)).join(', ')}`,
    ),
    passes: answer.passes.length,
  };
}
