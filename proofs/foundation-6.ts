/**
 * `npm run proof foundation-6 [-- --quick] [-- --screenshots]`: the page in a real browser, used
 * by keyboard, from the sign-in link to the end of the recorded day. `--quick` measures layout
 * shift for a shorter time; `--screenshots` also takes the pictures of the documentation.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { runAxe } from './foundation-6/accessibility.ts';
import { findChromium, launch, openPage, SIZES } from './foundation-6/browser.ts';
import { installShiftMeter, measureShift, provokeShift } from './foundation-6/layout-shift.ts';
import { takePictures, tradeForPictures } from './foundation-6/pictures.ts';
import { until, Workspace } from './foundation-6/workspace.ts';
import { Report } from './support/report.ts';
import { startRialto } from './support/rialto-process.ts';

const MOVING_GOAL_MS = 10_000;
const SHIFT_GOAL = 0.02;
const SHIFT_MS = 10_000;
const SHIFT_QUICK_MS = 4_000;
const PICTURE_BYTES_MAX = 400_000;
const DAY_PATIENCE_MS = 180_000;

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean' }, screenshots: { type: 'boolean' } },
});
const report = new Report('foundation-6', 'the page in Chromium, by keyboard');

/** Opens the link and waits until prices move, as a newcomer does. */
async function signIn(workspace: Workspace, link: string): Promise<void> {
  const startMs = performance.now();
  await workspace.page.goto(link);
  await workspace.untilLive();
  const liveMs = performance.now() - startMs;
  const [bar, time] = [await workspace.text('bar-readout'), await workspace.venueTime()];
  await until('a moving clock', async () => (await workspace.venueTime()) !== time);
  await until('a moving bar', async () => (await workspace.text('bar-readout')) !== bar);
  const movingMs = performance.now() - startMs;
  report.note(`from the link to a live chart: ${liveMs.toFixed(0)} ms`);
  const isSoon = movingMs <= MOVING_GOAL_MS;
  const figure = `${movingMs.toFixed(0)} ms`;
  report.check('from the link to a moving chart', figure, `≤ ${MOVING_GOAL_MS} ms`, isSoon);
  report.check('opens at', time, '09:30', time.startsWith('09:30'));
}

/** ↓ to BAC, ] to ×60; bars follow each other. */
async function speedUpByKeyboard(workspace: Workspace): Promise<void> {
  const { keyboard } = workspace.page;
  await keyboard.press('ArrowDown');
  const title = workspace.page.locator('#chart-title');
  await until('BAC on the chart', async () => (await title.innerText()) === 'BAC');
  await workspace.untilLive();
  for (const speed of ['×2', '×5', '×10', '×60']) {
    await keyboard.press(']');
    await workspace.untilSpeed(speed);
  }
  const before = await workspace.newestBar();
  const hasMoved = async (): Promise<boolean> => {
    const now = await workspace.newestBar();
    return now.timeMs >= before.timeMs + 120_000 && now.close !== before.close;
  };
  await until('two more minutes and another price', hasMoved);
  const after = await workspace.newestBar();
  const minutes = (after.timeMs - before.timeMs) / 60_000;
  report.check('bars that followed at ×60', minutes, '≥ 2', minutes >= 2);
  const prices = `${before.close} → ${after.close}`;
  report.check('price on the chart', prices, 'another', after.close !== before.close);
}

/** Far from the market: it works until X cancels it. */
async function placeAndCancel(workspace: Workspace): Promise<void> {
  const limit = ((await workspace.lastPrice('BAC')) - 1).toFixed(2);
  await workspace.sendByKeyboard({ side: 'buy', qty: '100', limit });
  const row = workspace.part('order-row').first();
  const status = async (): Promise<string> => (await row.getAttribute('data-status')) ?? '';
  await until('a working order', async () => (await status()) === 'new');
  report.exactly('status of a limit order below the market', await status(), 'new');
  await workspace.tabTo('[data-testid=order-row]', 'Shift+Tab');
  await workspace.page.keyboard.press('x');
  await until('a canceled order', async () => (await status()) === 'canceled');
  report.exactly('status after X on its row', await status(), 'canceled');
}

/** Through the market: filled at once, with a reason, a position and words for the ear. */
async function placeAndFill(workspace: Workspace): Promise<void> {
  const { page } = workspace;
  const limit = ((await workspace.lastPrice('BAC')) + 0.1).toFixed(2);
  await workspace.sendByKeyboard({ side: 'buy', qty: '200', limit });
  const said = page.getByRole('status', { name: 'Fills' });
  await until('words of a fill', async () => (await said.innerText()).startsWith('Bought'));
  report.note(await said.innerText());

  await workspace.focusBlotter();
  await page.keyboard.press('ArrowRight');
  const fill = workspace.part('fill-row').first();
  await fill.waitFor();
  const words = await fill.innerText();
  report.note(words.replaceAll(/\s+/g, ' '));
  const isTold = /Took the displayed offer of \d+ × \d+\.\d\d at 09:\d\d:\d\d\.\d{3}/.test(words);
  report.check('reason of the fill', isTold ? 'told' : words, 'told, in New York time', isTold);
  const price = Number(words.match(/\b\d+\.\d\d\b/)?.[0]);
  report.check('price of the fill', price, `≤ ${limit}`, price <= Number(limit));

  await page.keyboard.press('ArrowRight');
  const position = workspace.part('position-row').filter({ hasText: 'BAC' });
  await position.waitFor();
  const held = await position.locator('td').first().innerText();
  report.exactly('shares of the position', held, '200');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
}

/** The clock by button and by P. */
async function changeClock(workspace: Workspace): Promise<void> {
  await workspace.speedButton('×10').click();
  await workspace.untilSpeed('×10');
  const { keyboard } = workspace.page;
  await keyboard.press('p');
  await workspace.page.getByRole('button', { name: 'Resume' }).waitFor();
  await delay(500);
  const stopped = await workspace.venueTime();
  await delay(1_500);
  report.exactly('venue time 1.5 s into a pause', await workspace.venueTime(), stopped);
  await keyboard.press('p');
  await until('a moving clock', async () => (await workspace.venueTime()) !== stopped);
  await workspace.speedButton('×60').click();
  await workspace.untilSpeed('×60');
}

/** Nothing jumps while prices run. */
async function checkShift(workspace: Workspace): Promise<void> {
  const durationMs = options.quick === true ? SHIFT_QUICK_MS : SHIFT_MS;
  for (const [name, size] of Object.entries(SIZES)) {
    await workspace.page.setViewportSize(size);
    await delay(1_000);
    const { sum, places } = await measureShift(workspace.page, durationMs);
    const label = `layout shift in ${durationMs / 1_000} s at ×60, ${name}`;
    report.check(label, sum.toFixed(4), `≤ ${SHIFT_GOAL}`, sum <= SHIFT_GOAL);
    for (const place of new Set(places)) report.note(`     moved: ${place}`);
  }
  await workspace.page.setViewportSize(SIZES.desktop);
  await delay(1_000);
  const seen = await provokeShift(workspace.page);
  const isSeen = seen > SHIFT_GOAL;
  report.check('layout shift made by hand', seen.toFixed(4), `> ${SHIFT_GOAL}`, isSeen);
}

/** axe in both themes, wide and in every part of the narrow page, and over open dialogs. */
async function checkAccessibility(workspace: Workspace): Promise<void> {
  const { page } = workspace;
  for (const theme of ['dark', 'light'] as const) {
    await workspace.setTheme(theme);
    await judge(workspace, `${theme}, desktop`);
    await page.keyboard.press('?');
    await judge(workspace, `${theme}, keyboard help`);
    await page.keyboard.press('Escape');
    await page.setViewportSize(SIZES.phone);
    for (const part of ['Watch', 'Trade', 'Orders', 'Chart']) {
      await page.getByRole('navigation').getByRole('button', { name: part }).click();
      await judge(workspace, `${theme}, phone, ${part}`);
    }
    await page.setViewportSize(SIZES.desktop);
  }
  await workspace.setTheme('dark');
}

async function judge(workspace: Workspace, what: string): Promise<void> {
  const { violations, passes } = await runAxe(workspace.page);
  for (const violation of violations) report.note(`     ${violation}`);
  report.exactly(
    `axe: rules broken of ${passes + violations.length}, ${what}`,
    violations.length,
    0,
  );
}

/** Asks for the next run, and begins it with fresh accounts. */
async function restart(workspace: Workspace): Promise<void> {
  const { page } = workspace;
  await page.getByRole('button', { name: 'Restart', exact: true }).click();
  await page.getByRole('button', { name: 'Restart the day' }).click();
  await untilRun(workspace, 2);
  report.exactly('orders in the next run', await workspace.part('order-row').count(), 0);
}

/** Plays to the end as fast as it goes; the page then offers the next run. */
async function playToEnd(workspace: Workspace): Promise<void> {
  const { page } = workspace;
  const startMs = performance.now();
  await workspace.speedButton('Max').click();
  await workspace.part('day-ended').waitFor({ timeout: DAY_PATIENCE_MS });
  const seconds = (performance.now() - startMs) / 1_000;
  report.note(`the day at Max, with the page open: ${seconds.toFixed(1)} s`);
  report.exactly(
    'said at the end',
    await workspace.text('day-ended'),
    'The recorded day has ended.',
  );
  const time = await workspace.venueTime();
  report.check('venue time at the end', time, '≥ 19:59', time >= '19:59');
  await page.getByRole('button', { name: 'Start the next run' }).click();
  await untilRun(workspace, 3);
}

async function untilRun(workspace: Workspace, run: number): Promise<void> {
  const shown = workspace.page.getByText(`run ${run}`, { exact: true });
  await shown.waitFor();
  await workspace.untilLive();
  const time = await workspace.venueTime();
  report.check(`run ${run} begins at`, time, '09:30', time.startsWith('09:30'));
}

async function useThePage(workspace: Workspace, link: string): Promise<void> {
  await installShiftMeter(workspace.page);
  await signIn(workspace, link);
  await speedUpByKeyboard(workspace);
  await placeAndCancel(workspace);
  await placeAndFill(workspace);
  await changeClock(workspace);
  await checkShift(workspace);
  await workspace.page.keyboard.press('p');
  await checkAccessibility(workspace);
  await restart(workspace);
  await playToEnd(workspace);
  if (options.screenshots !== true) return;
  await tradeForPictures(workspace);
  for (const { name, bytes } of await takePictures(workspace)) {
    const goal = `≤ ${PICTURE_BYTES_MAX} bytes`;
    report.check(`docs/images/${name}.png`, `${bytes} bytes`, goal, bytes <= PICTURE_BYTES_MAX);
  }
}

async function prove(chromiumPath: string): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'rialto-proof-'));
  const server = await startRialto({ dataDir });
  const browser = await launch(chromiumPath);
  const complaints: string[] = [];
  try {
    report.note(`Chromium ${browser.version()}`);
    const page = await openPage(browser, complaints);
    await useThePage(new Workspace(page), server.sign_in_url);
  } finally {
    for (const complaint of complaints) report.note(`     ${complaint}`);
    await browser.close();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
  report.exactly('complaints of the page', complaints.length, 0);
}

const chromiumPath = findChromium();
if (chromiumPath === undefined) {
  report.note('did not run: there is no chromium on the PATH');
} else {
  await prove(chromiumPath);
}
report.finish();
