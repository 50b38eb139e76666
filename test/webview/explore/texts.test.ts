import { describe, expect, it } from 'vitest';
import { seriousViolations } from '../harness/accessibility';
import type { PanelUnderTest } from '../harness/harness';
import type { ThemeName } from '../harness/themes';
import { explorePages, settled, subject } from './openExplore';

const pages = explorePages();
let panel: PanelUnderTest;

async function open(theme: ThemeName): Promise<void> {
  panel = await pages.open({ theme, state: { subject }, query: { modality: 'text' } });
  await settled(panel);
  await panel.frame.focus('.map');
  await panel.page.keyboard.press('Space');
  await panel.frame.waitForSelector('.neighbours .card-text .thumbnail-excerpt');
}

describe('a map of texts', () => {
  it('speaks of texts, and shows them where pictures would be', async () => {
    await open('light');
    expect(await panel.frame.locator('.status-counts').textContent()).toMatch(/^\d+ texts/);
    expect(await panel.frame.locator('.item-text').textContent()).toContain('told in some words');
    expect(await panel.frame.locator('.toolbar-tools [title^="Pictures"]').isVisible()).toBe(false);
    const cards = await panel.frame.locator('.neighbours .card-text').all();
    const boxes = await Promise.all(cards.slice(0, 3).map((card) => card.boundingBox()));
    const excerpt = panel.frame.locator('.neighbours .thumbnail-excerpt').first();
    const size = await excerpt.evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize));
    expect(size).toBeGreaterThanOrEqual(11);
    expect(new Set(boxes.map((box) => box?.x)).size, 'one column').toBe(1);
  });

  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as ThemeName[]) {
    it(`is accessible (${theme})`, async () => {
      await open(theme);
      expect(await seriousViolations(panel.frame)).toEqual([]);
    });
  }
});
