import type { VSCodeWindow } from './window';

/** The map of the panel that is shown has come to rest: no progress bar is shown. */
export async function settled(window: VSCodeWindow): Promise<void> {
  const panel = window.panel();
  await panel.locator('.map').waitFor({ timeout: 60_000 });
  await panel.locator('.status-progress, [role=progressbar]').first().waitFor({ state: 'hidden', timeout: 120_000 });
}

/** Clicks into the middle of the map, and beside it when no point was near enough. */
export async function clickPoint(window: VSCodeWindow): Promise<void> {
  const panel = window.panel();
  const box = await panel.locator('.map').boundingBox();
  if (box === null) throw new Error('The map is not on the screen.');
  for (let i = 0; i < 40; i++) {
    const turn = i * 2.4;
    await window.page.mouse.click(
      box.x + box.width * (0.5 + 0.008 * i * Math.cos(turn)),
      box.y + box.height * (0.5 + 0.008 * i * Math.sin(turn)),
    );
    await window.page.waitForTimeout(250);
    if (await panel.locator('.item-name').isVisible()) return;
  }
  throw new Error('No click hit a point.');
}
