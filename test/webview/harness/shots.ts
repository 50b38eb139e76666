import { mkdir } from 'node:fs/promises';
import type { PanelUnderTest } from './harness';

/** Keeps a picture of the panel when KINDRED_SHOTS names a folder, for a person to look at. */
export async function shoot(panel: PanelUnderTest, name: string): Promise<void> {
  const folder = process.env['KINDRED_SHOTS'];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await panel.page.waitForTimeout(500);
  await panel.page.screenshot({ path: `${folder}/${name}.png` });
}

/** Waits until the text of the first element that fits contains something. */
export async function expectText(panel: PanelUnderTest, selector: string, wanted: string): Promise<void> {
  await panel.frame.waitForFunction(
    ([where, what]) => document.querySelector(where)?.textContent.includes(what),
    [selector, wanted] as const,
    { timeout: 20_000 },
  );
}
