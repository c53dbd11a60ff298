/** How much of the page jumps while it runs: the browser's own count of layout shifts. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';

/** Counts all shifts of the page, also those that the web's metric forgives after a key. */
const METER = `
  globalThis.layoutShift = { sum: 0, places: [] };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      layoutShift.sum += entry.value;
      for (const { node } of entry.sources) {
        const element = node instanceof Text ? node.parentElement : node;
        layoutShift.places.push((element?.nodeName ?? 'removed') + ' ' + (element?.className ?? ''));
      }
    }
  }).observe({ type: 'layout-shift', buffered: true });`;

/** The sum of all shifts, and the classes of what moved. */
export interface LayoutShift {
  readonly sum: number;
  readonly places: readonly string[];
}

/** Installs the meter in every document the page loads from now on. */
export async function installShiftMeter(page: Page): Promise<void> {
  await page.addInitScript(METER);
}

/** The shifts of the next `durationMs`. */
export async function measureShift(page: Page, durationMs: number): Promise<LayoutShift> {
  await page.evaluate('layoutShift.sum = 0; layoutShift.places.length = 0;');
  await delay(durationMs);
  return page.evaluate('layoutShift');
}

/** Moves everything by hand and gives what the meter saw: 0 would mean that it is blind. */
export async function provokeShift(page: Page): Promise<number> {
  const measured = measureShift(page, 1_000);
  await delay(200);
  await page.evaluate('document.querySelector("main").style.marginTop = "60px"');
  const { sum } = await measured;
  await page.evaluate('document.querySelector("main").style.marginTop = ""');
  await delay(500);
  return sum;
}
