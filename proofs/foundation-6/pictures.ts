/** The pictures of the documentation: half an hour of trading BAC, dark and light, wide and narrow. */
import { mkdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { SIZES } from './browser.ts';
import { until, type Workspace } from './workspace.ts';

const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url));

/** A name and its size in bytes. */
export interface Picture {
  readonly name: string;
  readonly bytes: number;
}

/** Trades from the open on, so that fills, a position and a working order are there. */
export async function tradeForPictures(workspace: Workspace): Promise<void> {
  const { page } = workspace;
  await page.getByTestId('watch-BAC').click();
  await workspace.speedButton('×60').click();
  await untilVenueTime(workspace, '09:33');
  await send(workspace, 'buy', '500', 0.05);
  await untilVenueTime(workspace, '09:43');
  await send(workspace, 'sell', '200', -0.05);
  await untilVenueTime(workspace, '09:55');
  await send(workspace, 'buy', '300', -0.07);
  await untilVenueTime(workspace, '10:12', 60_000);
}

/** Takes the pictures as the page stands; the replay should be at rest or slow. */
export async function takePictures(workspace: Workspace): Promise<readonly Picture[]> {
  const { page } = workspace;
  const pictures: Picture[] = [];
  await mkdir(folder, { recursive: true });
  for (const theme of ['dark', 'light'] as const) {
    await workspace.setTheme(theme);
    await page.setViewportSize(SIZES.desktop);
    await openAnew(workspace);
    await page.getByTestId('watch-BAC').click();
    await page.getByRole('tab', { name: theme === 'dark' ? 'Orders' : 'Fills' }).click();
    pictures.push(await take(workspace, `workspace-${theme}`));
    await page.setViewportSize(SIZES.phone);
    await openAnew(workspace);
    const parts = page.getByRole('navigation');
    await parts.getByRole('button', { name: 'Watch' }).click();
    await page.getByTestId('watch-BAC').click();
    if (theme === 'dark') await parts.getByRole('button', { name: 'Chart' }).click();
    pictures.push(await take(workspace, `phone-${theme}`));
  }
  await page.setViewportSize(SIZES.desktop);
  return pictures;
}

/** At a new width the chart chooses anew how many bars it shows. */
async function openAnew(workspace: Workspace): Promise<void> {
  await workspace.page.reload();
  await workspace.untilLive();
}

async function take(workspace: Workspace, name: string): Promise<Picture> {
  const { page } = workspace;
  await page.evaluate('document.activeElement?.blur()');
  await page.mouse.move(0, 0);
  // Painted anew, and prices that flash at rest again.
  await page.waitForTimeout(1_000);
  const path = `${folder}${name}.png`;
  await page.screenshot({ path });
  return { name, bytes: (await stat(path)).size };
}

async function send(
  workspace: Workspace,
  side: 'buy' | 'sell',
  qty: string,
  fromLast: number,
): Promise<void> {
  const limit = ((await workspace.lastPrice('BAC')) + fromLast).toFixed(2);
  await workspace.sendByKeyboard({ side, qty, limit });
}

function untilVenueTime(workspace: Workspace, time: string, patienceMs = 30_000): Promise<void> {
  const isThen = async (): Promise<boolean> => (await workspace.venueTime()) >= time;
  return until(`venue time ${time}`, isThen, patienceMs);
}
