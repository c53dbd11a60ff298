/** The page as a person at the keyboard uses it, and what stands on it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';

const LOOK_MS = 50;
const PATIENCE_MS = 20_000;
/** More stops than the page has, so a search by Tab ends. */
const TAB_STOPS_MAX = 80;

/** A limit order as it is typed. */
export interface TypedOrder {
  readonly side: 'buy' | 'sell';
  readonly qty: string;
  readonly limit: string;
}

/** What the newest bar of the chart is. */
export interface NewestBar {
  readonly bars: number;
  readonly timeMs: number;
  readonly close: number;
}

/** The signed-in page. */
export class Workspace {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  part(testId: string): Locator {
    return this.page.getByTestId(testId);
  }

  text(testId: string): Promise<string> {
    return this.part(testId).innerText();
  }

  /** "09:31:07", as shown. */
  venueTime(): Promise<string> {
    return this.text('venue-time');
  }

  async newestBar(): Promise<NewestBar> {
    const chart = this.part('chart');
    const read = async (name: string): Promise<number> =>
      Number((await chart.getAttribute(name)) ?? Number.NaN);
    return {
      bars: await read('data-bars'),
      timeMs: await read('data-last-time'),
      close: await read('data-last-close'),
    };
  }

  /** The last price of a symbol in the watchlist, dollars. */
  async lastPrice(symbol: string): Promise<number> {
    return Number(await this.text(`last-${symbol}`));
  }

  /** Waits until the stream is there and the chart holds bars. */
  async untilLive(): Promise<void> {
    await this.page.locator('[data-testid=connection][data-state=live]').waitFor();
    await until('bars on the chart', async () => (await this.newestBar()).bars > 0);
  }

  speedButton(name: string): Locator {
    const group = this.page.getByRole('group', { name: 'Speed' });
    return group.getByRole('button', { name, exact: true });
  }

  async untilSpeed(name: string): Promise<void> {
    const button = this.speedButton(name);
    const isPressed = async (): Promise<boolean> =>
      (await button.getAttribute('aria-pressed')) === 'true';
    await until(`speed ${name}`, isPressed);
  }

  /** Presses Tab (or Shift+Tab) until the focus is on what the selector names. */
  async tabTo(selector: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    for (let stop = 0; stop < TAB_STOPS_MAX; stop++) {
      const isThere = await this.page.evaluate(
        (wanted) => document.activeElement?.matches(wanted) ?? false,
        selector,
      );
      if (isThere) return;
      await this.page.keyboard.press(key);
    }
    throw new Error(`Tab does not reach ${selector}`);
  }

  /** Leaves the field that is being typed into, where single keys are letters. */
  async leaveField(): Promise<void> {
    await this.tabTo('[data-testid=ticket-send]');
  }

  /** Turns the ticket to a side, types the order and sends it, by keyboard only. */
  async sendByKeyboard(order: TypedOrder): Promise<void> {
    const { keyboard } = this.page;
    await keyboard.press(order.side === 'buy' ? 'b' : 's');
    await this.tabTo('[data-testid=ticket-qty]');
    await keyboard.press('Control+A');
    await keyboard.type(order.qty);
    await this.tabTo('[data-testid=ticket-limit]');
    await keyboard.press('Control+A');
    await keyboard.type(order.limit);
    await keyboard.press('Enter');
    const isSent = async (): Promise<boolean> =>
      (await this.text('ticket-message')).startsWith('Sent');
    await until(`an answer to ${order.side} ${order.qty}`, isSent);
    await this.leaveField();
  }

  /** Goes to the tab of the blotter that is open, by keyboard. */
  async focusBlotter(): Promise<void> {
    await this.tabTo('[role=tab][aria-selected=true]', 'Shift+Tab');
  }

  /** Chooses a theme in the settings. */
  async setTheme(theme: 'dark' | 'light'): Promise<void> {
    await this.page.getByRole('button', { name: 'Settings' }).click();
    await this.page.getByLabel('Theme').selectOption(theme);
    await this.page.keyboard.press('Escape');
  }
}

/** Waits until something is so; fails with `what` when it does not come to be. */
export async function until(
  what: string,
  isSo: () => Promise<boolean>,
  patienceMs: number = PATIENCE_MS,
): Promise<void> {
  const deadlineMs = performance.now() + patienceMs;
  while (!(await isSo())) {
    if (performance.now() > deadlineMs) throw new Error(`not within ${patienceMs} ms: ${what}`);
    await delay(LOOK_MS);
  }
}
