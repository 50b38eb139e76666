import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { seriousViolations } from '../harness/accessibility';
import { startHarness, type PanelHarness, type PanelUnderTest } from '../harness/harness';
import { expectText, shoot } from '../harness/shots';
import type { ThemeName } from '../harness/themes';

let harness: PanelHarness;
let panel: PanelUnderTest;

beforeAll(async () => {
  harness = await startHarness({ view: 'review', host: 'test/webview/review/syntheticHost.ts' });
});
afterEach(async () => {
  expect(panel.complaints).toEqual([]);
  await panel.page.close();
});
afterAll(() => harness.close());

/** One group of two texts, which are rows of a table. */
async function open(theme: ThemeName): Promise<void> {
  panel = await harness.open({ theme, query: { groups: '1', modality: 'text' } });
  await panel.frame.locator('.member-text mark').first().waitFor();
}

describe('a review of texts', () => {
  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as ThemeName[]) {
    it(`is accessible, with the words marked that differ (${theme})`, async () => {
      await open(theme);
      expect(await panel.frame.locator('.member-text mark').allTextContents()).toEqual(['late, ', 'yesterday, ']);
      expect(await panel.frame.locator('.member-text').first().getAttribute('aria-label')).toBe('Text of member 1');
      await shoot(panel, `review-texts-${theme}`);
      expect(await seriousViolations(panel.frame)).toEqual([]);
    });
  }

  it('says at its end that rows of a table are not changed, and offers no apply', async () => {
    await open('dark');
    await panel.page.keyboard.press('Enter');
    await expectText(panel, '.state-title', 'The one group is reviewed');
    await expectText(panel, '.instead', 'The texts are rows of a.csv: change it yourself.');
    expect(await panel.frame.locator('.instead vscode-button', { hasText: 'Apply' }).count()).toBe(0);
    const apply = panel.frame.locator('.summary vscode-button', { hasText: 'Apply decisions…' });
    expect(await apply.getAttribute('title')).toBe('The texts are rows of a.csv: change it yourself.');
    expect(await apply.evaluate((button) => (button as HTMLButtonElement).disabled)).toBe(true);
    await shoot(panel, 'review-texts-done');
    expect(await seriousViolations(panel.frame)).toEqual([]);
  });
});
