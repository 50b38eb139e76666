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
