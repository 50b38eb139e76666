import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { seriousViolations } from '../harness/accessibility';
import { startHarness, type PanelHarness, type PanelUnderTest } from '../harness/harness';
import { expectText, shoot } from '../harness/shots';
import { startBackend, type Backend } from './trainerBackend';

let backend: Backend;
let harness: PanelHarness;

beforeAll(async () => {
  backend = await startBackend();
  harness = await startHarness({ view: 'review', host: 'test/webview/review/trainerHost.ts', data: backend.data });
});

afterAll(async () => {
  await harness.close();
  await backend.close();
});

const opened: PanelUnderTest[] = [];

afterEach(async () => {
  for (const panel of opened.splice(0)) await panel.page.close();
});

async function open(options: Parameters<PanelHarness['open']>[0] = {}): Promise<PanelUnderTest> {
  const panel = await harness.open(options);
  opened.push(panel);
  await panel.frame.waitForSelector('.queue-row, .state-empty');
  return panel;
}

const text = (panel: PanelUnderTest, selector: string): Promise<string> =>
  panel.frame.locator(selector).first().innerText();

function names(items: readonly number[]): string[] {
  return items.map((item) => backend.dataset.items.paths[item]).sort();
}

describe('reviewing a real dataset by keyboard', () => {
  it('shows conflicts and leaks first, and why each group is one', async () => {
    const panel = await open();
    const badges = await panel.frame.locator('.queue-status').allInnerTexts();
    expect(badges.slice(0, 2).sort().join()).toMatch(/across splits: leak.*different labels/s);
    expect(await text(panel, '.case-head')).toContain('Group 1 of 8');
    await expectText(panel, '.member-reason', 'Suggested keeper');
    expect(await panel.frame.locator('.fact-differs').count()).toBeGreaterThan(0);
    await shoot(panel, 'review-dark');
    for (const theme of ['light', 'high-contrast', 'high-contrast-light'] as const) {
      await panel.theme(theme);
      await shoot(panel, `review-${theme}`);
      expect(await seriousViolations(panel.frame)).toEqual([]);
    }
    await panel.theme('dark');
    expect(await seriousViolations(panel.frame)).toEqual([]);
    expect(await panel.violations()).toEqual([]);
    expect(panel.complaints).toEqual([]);
  });

  it('compares: zoom for all, blink, differences, the key map', async () => {
    const panel = await open({ state: undefined });
    const { keyboard } = panel.page;
    await keyboard.press('End');
    await expectText(panel, '.case-title', 'Group 8 of 8');
    await panel.frame.waitForFunction(
      () => document.querySelectorAll<HTMLImageElement>('.member-image')[0].naturalWidth > 0,
    );
    await keyboard.press('+');
    await keyboard.press('+');
    const transforms = (): Promise<string[]> =>
      panel.frame
        .locator('.member-image:first-child')
        .evaluateAll((images) => images.map((image) => [image.style.width, image.style.transform].join()));
    await expect.poll(async () => parseFloat((await transforms())[0])).toBeGreaterThan(800);
    await expect.poll(async () => new Set(await transforms()).size).toBe(1);
    await keyboard.press('0');
    await keyboard.down('Space');
    await expect.poll(() => panel.frame.locator('.member-other:not([hidden])').count()).toBe(1);
    expect(await panel.frame.locator('.member-caption:not([hidden])').innerText()).toBe('Showing member 2');
    await keyboard.up('Space');
    await expect.poll(() => panel.frame.locator('.member-other:not([hidden])').count()).toBe(0);
    await keyboard.press('d');
    await expectText(panel, '.member:nth-child(2) .member-caption', 'of the pixels differ');
    await shoot(panel, 'review-differences');
    await keyboard.press('?');
    await panel.frame.waitForSelector('dialog[open]');
    await shoot(panel, 'review-keys');
    await keyboard.press('n');
    await keyboard.press('Escape');
    await expect.poll(() => panel.frame.locator('dialog').count()).toBe(0);
    expect(await panel.calls('decisions.record')).toEqual([]);
  });

  it('goes through all groups to the end without the mouse, and undoes it all in another session', async () => {
    const panel = await open();
    const { keyboard } = panel.page;
    const decide = async (key: string, reviewed: number): Promise<void> => {
      await keyboard.press(key);
      await expectText(panel, '.summary-count', `${reviewed} of 8`);
    };
    // The first two are the conflicts; the order of the rest does not matter here.
    await decide('2', 1);
    await decide('Enter', 2);
    await decide('n', 3);
    await decide('a', 4);
    await decide('r', 5);
    await keyboard.press('Shift+Digit1');
    await keyboard.press('x');
    await shoot(panel, 'review-changed-marks');
    await keyboard.press('Escape');
    await decide('Enter', 6);
    await decide('Enter', 7);
    await shoot(panel, 'review-nearly-done');
    await decide('Enter', 8);
    await expectText(panel, '.state-title', 'All 8 groups are reviewed');
    await expectText(panel, '.summary', 'Apply: move');
    await shoot(panel, 'review-done');
    const state = await backend.state();
    const cases = new Set(state.decisions.map(({ kind }) => kind));
    expect(cases).toEqual(new Set(['keep', 'remove', 'not-duplicate']));
    expect(state.remove.length).toBeGreaterThan(3);
    expect(panel.complaints).toEqual([]);
    const kept = await panel.state();
    await panel.page.close();

    const later = await open({ state: kept });
    await expectText(later, '.summary-count', 'reviewed');
    const removed = names((await backend.state()).remove);
    await later.page.keyboard.press('u');
    await expectText(later, '.said', 'Undone');
    expect(names((await backend.state()).remove)).not.toEqual(removed);
    for (let i = 0; i < 7; i++) {
      await later.frame.waitForFunction(() => document.querySelector('.said')?.textContent.includes('Undone'));
      await later.page.keyboard.press('Control+z');
      await later.page.waitForTimeout(120);
    }
    expect((await backend.state()).decisions).toEqual([]);
    expect((await backend.state()).canUndo).toBe(false);
  });

  it('fits very wide and very tall pictures, and shows a group of 41', async () => {
    const panel = await open();
    await panel.frame.locator('.queue-row', { has: panel.frame.locator('[data-rest="+36"]') }).click();
    await expectText(panel, '.case-head', '41 members');
    expect(await panel.frame.locator('.member').count()).toBe(41);
    await shoot(panel, 'review-many');
    const seen = new Set<string>();
    for (let i = 0; i < 8; i++) {
      await panel.page.keyboard.press(i === 0 ? 'Home' : 'j');
      await expectText(panel, '.case-title', `Group ${i + 1} of 8`);
      await panel.frame.waitForFunction(() => document.querySelector('.fact-wide')?.textContent.includes('/'));
      const folder = /\/(wide|tall)\//.exec(await text(panel, '.fact-wide'))?.[1];
      if (folder === undefined) continue;
      seen.add(folder);
      const image = (await panel.frame.locator('.member-image').first().boundingBox())!;
      const view = (await panel.frame.locator('.member-view').first().boundingBox())!;
      const [filled, other] = folder === 'wide' ? (['width', 'height'] as const) : (['height', 'width'] as const);
      expect(image[filled]).toBeCloseTo(view[filled], 0);
      expect(image[other]).toBeLessThan(view[other] / 4);
      await shoot(panel, `review-${folder}`);
    }
    expect(seen).toEqual(new Set(['wide', 'tall']));
    expect(panel.complaints).toEqual([]);
  });

  it('finds again with other thresholds, with evidence, and remembers them', async () => {
    const panel = await open();
    await panel.frame.locator('vscode-button', { hasText: 'Thresholds' }).click();
    await panel.frame.waitForSelector('.histogram-bar');
    await shoot(panel, 'review-thresholds');
    expect(await panel.frame.locator('.borderline-pair').count()).toBeGreaterThan(0);
    expect(await seriousViolations(panel.frame)).toEqual([]);
    const before = (await panel.calls('duplicates.find')).length;
    await panel.frame.locator('input[aria-label^="Embedding distance"]').fill('0.1');
    await panel.frame.waitForFunction(() => document.querySelector('.outcome')?.textContent.startsWith('Found'));
    expect((await panel.calls('duplicates.find')).length).toBe(before + 1);
    expect((await panel.calls('duplicates.find')).at(-1)).toMatchObject({ settings: { embeddingDistance: 0.1 } });
    await shoot(panel, 'review-thresholds-loose');
    await panel.frame.waitForTimeout(300);
    await panel.hideAndShow();
    await panel.frame.waitForSelector('.member-mark');
    expect((await panel.calls('duplicates.find')).at(-1)).toMatchObject({ settings: { embeddingDistance: 0.1 } });
  });
});
