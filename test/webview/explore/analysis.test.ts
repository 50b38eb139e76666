import { describe, expect, it } from 'vitest';
import { seriousViolations } from '../harness/accessibility';
import type { PanelOptions, PanelUnderTest } from '../harness/harness';
import { shoot } from '../harness/shots';
import { explorePages, plain, settled } from './openExplore';

const pages = explorePages();
let panel: PanelUnderTest;

async function open(colourBy: string, options: PanelOptions = {}): Promise<void> {
  panel = await pages.open({ state: { ...plain, colourBy }, ...options });
  await panel.frame.waitForSelector('.map-canvas');
}

function names(): Promise<string[]> {
  return panel.frame.locator('.map-name:visible').allInnerTexts();
}

describe('the quality of a map', () => {
  it('colours by kept neighbours in words, says what the figures mean, and isolates the worst', async () => {
    await open('quality:preservation');
    await panel.frame.waitForSelector('.quality-note');
    const rows = await panel.frame.locator('.legend-row').allInnerTexts();
    expect(rows.map((row) => row.split('\n')[0])).toEqual(['Almost all kept', 'Hardly any kept']);
    const note = await panel.frame.locator('.quality-note').innerText();
    expect(note).toContain('0.953 ± 0.012');
    expect(note).toContain('Measured on 167 of 334 items');
    expect(note).toContain('Of the 15 most similar items');
    await panel.frame.locator('.legend-row').last().click();
    expect(await panel.frame.locator('.legend-row[aria-pressed="true"]').count()).toBe(1);
    expect(await seriousViolations(panel.frame)).toEqual([]);
    await shoot(panel, 'quality');
  });

  it('says why it could not be measured, and tries again', async () => {
    await open('label');
    await settled(panel);
    await panel.fail('projection.quality', { code: 'internal', message: 'It broke off.', remedy: 'Start it again.' });
    await panel.frame.locator('.toolbar-colour vscode-dropdown').click();
    await panel.frame.locator('.toolbar-colour vscode-option', { hasText: 'neighbours true' }).click();
    await panel.frame.waitForFunction(() => document.querySelector('.status-note')?.textContent.includes('broke off'));
    await panel.frame.locator('.status-note vscode-button').click();
    await panel.frame.waitForSelector('.quality-note');
    expect(await panel.calls('projection.quality')).toHaveLength(2);
  });
});

describe('clusters', () => {
  it('are listed and named on the map, finer when it is magnified; a click selects one and shows its parts', async () => {
    await open('clusters', { state: { ...plain, colourBy: 'clusters', tab: 'clusters' } });
    await panel.frame.waitForSelector('.cluster');
    const listed = await panel.frame.locator('.cluster-name').allInnerTexts();
    expect(listed.length).toBeGreaterThan(3);
    await panel.frame.waitForSelector('.map-name:visible');
    for (const name of await names()) expect(listed).toContain(name);
    const boxes = await panel.frame
      .locator('.map-name:visible')
      .evaluateAll((found) => found.map((name) => name.getBoundingClientRect().toJSON() as DOMRect));
    boxes.forEach((a, i) =>
      boxes.slice(i + 1).forEach((b) => {
        const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
        expect(apart).toBe(true);
      }),
    );
    await shoot(panel, 'clusters');
    await panel.frame.locator('.cluster').first().focus();
    await panel.page.keyboard.press('Enter');
    await panel.frame.waitForSelector('.cluster-depth-1');
    expect(await panel.frame.locator('.cluster[aria-pressed="true"]').count()).toBe(1);
    expect(await panel.frame.locator('.status-selected').innerText()).toMatch(/selected$/);
    expect(await seriousViolations(panel.frame)).toEqual([]);
    await panel.frame.focus('.map');
    for (const key of ['+', '+', '+']) await panel.page.keyboard.press(key);
    await panel.frame.waitForFunction(() =>
      [...document.querySelectorAll<HTMLElement>('.map-name')].some(
        (name) => !name.hidden && name.textContent.includes(': '),
      ),
    );
    await shoot(panel, 'clusters-magnified');
  });

  it('has words for none, and selects what is in no cluster', async () => {
    await open('clusters', { query: { noClusters: '' }, state: { ...plain, colourBy: 'clusters', tab: 'clusters' } });
    await panel.frame.waitForFunction(() => document.querySelector('.clusters')?.textContent.includes('No clusters'));
    await panel.page.close();
    await open('clusters', { state: { ...plain, colourBy: 'clusters', tab: 'clusters' } });
    await panel.frame.locator('.cluster', { hasText: 'In no cluster' }).click();
    await panel.frame.waitForFunction(() => document.querySelector('.status-selected')?.textContent === '3 selected');
  });
});

describe('how clusters are found', () => {
  const found = (): Promise<string> => panel.frame.locator('.clusters h2').innerText();
  const settings = async (): Promise<unknown> =>
    ((await panel.calls('clusters.find')).at(-1) as { settings: unknown }).settings;

  async function choose(label: string, option: string): Promise<void> {
    const list = panel.frame.locator(`.cluster-controls vscode-dropdown[aria-label="${label}"]`);
    await list.click();
    await list.locator('vscode-option', { hasText: option }).click();
  }

  it('is chosen in words, takes effect at once, and is kept', async () => {
    await open('clusters', { state: { ...plain, colourBy: 'clusters', tab: 'clusters' } });
    await panel.frame.waitForSelector('.cluster');
    expect(await settings()).toEqual({ kind: 'leiden', seed: 1 });
    await panel.frame.locator('.legend-row').first().click();
    await expect.poll(async () => (await panel.state())['isolated']).toHaveLength(1);
    await choose('How fine', 'Fewer');
    await expect.poll(settings).toEqual({ kind: 'leiden', seed: 1, resolution: 0.3 });
    await expect.poll(async () => (await panel.state())['isolated']).toEqual([]);
    await choose('What counts as a cluster', 'Dense');
    // 1.5 times the root of 334 items, and a sixth of it below.
    await expect.poll(settings).toEqual({ kind: 'hdbscan', seed: 1, minSize: 27 });
    expect(await panel.frame.locator('.cluster-controls .form-help').innerText()).toContain('belongs to none');
    await choose('How fine', 'More');
    await expect.poll(settings).toEqual({ kind: 'hdbscan', seed: 1, selection: 'leaf', minSize: 3 });
    await panel.frame.waitForSelector('.cluster');
    for (const theme of ['light', 'high-contrast', 'high-contrast-light', 'dark'] as const) {
      await panel.theme(theme);
      expect(await seriousViolations(panel.frame), theme).toEqual([]);
    }
    await shoot(panel, 'clusters-dense');
    await choose('What counts as a cluster', 'Fixed number');
    const count = panel.frame.locator('.cluster-controls input');
    await expect.poll(() => count.inputValue()).toBe('12');
    await count.fill('1');
    await count.press('Enter');
    expect(await panel.frame.locator('.cluster-controls .form-problem').innerText()).toBe(
      'A whole number from 2 to 1000.',
    );
    await shoot(panel, 'clusters-count');
    await count.fill('7');
    await count.press('Enter');
    await expect.poll(settings).toEqual({ kind: 'kmeans', seed: 1, count: 7 });
    await expect.poll(async () => (await panel.state())['clustering']).toMatchObject({ kind: 'kmeans', count: 7 });
    await panel.frame.waitForSelector('.cluster');
    const asked = (await panel.calls('clusters.find')).length;
    await choose('What counts as a cluster', 'Dense');
    await expect.poll(found).toMatch(/clusters$/i);
    expect((await panel.calls('clusters.find')).length, 'what is known is not asked for again').toBe(asked);
  });

  it('leaves a number alone that is being written while clusters arrive', async () => {
    const state = { ...plain, colourBy: 'clusters', tab: 'clusters' };
    await open('clusters', { state, query: { pause: '300' } });
    await panel.frame.waitForSelector('.cluster');
    await choose('What counts as a cluster', 'Fixed number');
    const count = panel.frame.locator('.cluster-controls input');
    await panel.frame.waitForSelector('.cluster-list .state-loading');
    await count.fill('7');
    await panel.frame.waitForSelector('.cluster');
    expect(await count.inputValue()).toBe('7');
    await count.press('Enter');
    await expect.poll(settings).toEqual({ kind: 'kmeans', seed: 1, count: 7 });
  });

  it('says that they are being found, that they could not be, and that the person stopped it', async () => {
    const state = { ...plain, colourBy: 'clusters', tab: 'clusters' };
    await open('clusters', { state, query: { pause: '400' } });
    expect(await panel.frame.locator('.cluster-list').innerText()).toContain('as soon as the map is there');
    await panel.fail('clusters.find', { code: 'internal', message: 'It broke off.', remedy: 'Start it again.' });
    await panel.frame.waitForSelector('.cluster-list .state-error');
    expect(await panel.frame.locator('.cluster-list').innerText()).toContain('It broke off.');
    expect(await seriousViolations(panel.frame)).toEqual([]);
    await shoot(panel, 'clusters-failed');
    await panel.frame.locator('.cluster-list vscode-button').click();
    await panel.frame.waitForSelector('.cluster-list .state-loading');
    await panel.frame.locator('.status .progress vscode-button').click();
    await panel.frame.waitForSelector('.cluster-list .state-empty');
    await panel.frame.locator('.cluster-list vscode-button', { hasText: 'Find the clusters' }).click();
    await panel.frame.waitForSelector('.cluster');
  });
});

describe('lines to true neighbours', () => {
  it('start at the point under the pointer once it rests, and go with the key N', async () => {
    await open('label');
    await settled(panel);
    await panel.frame.focus('.map');
    await panel.page.keyboard.press('Space');
    await panel.frame.waitForFunction(() => document.querySelector('.map-links')?.getAttribute('d') !== '');
    const lines = (): Promise<number> =>
      panel.frame.evaluate(() => (document.querySelector('.map-links')?.getAttribute('d') ?? '').split('M').length - 1);
    expect(await lines()).toBe(24);
    const place = await panel.frame.evaluate(() => {
      const box = document.querySelector('.map')!.getBoundingClientRect();
      const ring = document.querySelector('.map-ring-active')!;
      return { x: box.left + Number(ring.getAttribute('cx')), y: box.top + Number(ring.getAttribute('cy')) };
    });
    await panel.page.mouse.move(place.x + 40, place.y + 40);
    await panel.page.mouse.move(place.x, place.y, { steps: 2 });
    await expect.poll(lines).toBe(10);
    await shoot(panel, 'lines');
    await panel.page.keyboard.press('n');
    await expect.poll(lines).toBe(0);
    await panel.page.keyboard.press('n');
    await expect.poll(lines).toBeGreaterThan(0);
  });
});
