import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { seriousViolations } from '../harness/accessibility';
import type { PanelOptions, PanelUnderTest } from '../harness/harness';
import type { ThemeName } from '../harness/themes';
import { explorePages, plain, settled, subject } from './openExplore';

const pages = explorePages();
let panel: PanelUnderTest;

async function open(options: PanelOptions = {}): Promise<void> {
  panel = await pages.open(options);
}

/** The map is there and nothing is being made any more. */
async function ready(): Promise<void> {
  await settled(panel);
  await panel.frame.waitForTimeout(150);
}

async function pressOnMap(...keys: string[]): Promise<void> {
  await panel.frame.focus('.map');
  for (const key of keys) await panel.page.keyboard.press(key);
}

/** Where the active item is drawn, in pixels of the window. */
async function activePlace(): Promise<{ x: number; y: number }> {
  await panel.frame.waitForSelector('.map-ring-active.shown', { state: 'attached' });
  await panel.frame.waitForTimeout(150);
  return panel.frame.evaluate(() => {
    const box = document.querySelector('.map')!.getBoundingClientRect();
    const ring = document.querySelector('.map-ring-active')!;
    return { x: box.left + Number(ring.getAttribute('cx')), y: box.top + Number(ring.getAttribute('cy')) };
  });
}

function text(selector: string): Promise<string> {
  return panel.frame.locator(selector).innerText();
}

/** Looks at the item in the middle of the map by keyboard: its file name, and where it is. */
async function chooseMiddle(): Promise<{ name: string; x: number; y: number }> {
  await pressOnMap('Space');
  const place = await activePlace();
  await panel.frame.waitForFunction(() => document.querySelector('.item-name')?.textContent !== '');
  return { name: await text('.item-name'), ...place };
}

async function hoverCard(x: number, y: number): Promise<string> {
  await panel.page.mouse.move(x + 60, y + 60);
  await panel.page.mouse.move(x, y, { steps: 2 });
  await panel.frame.waitForFunction(() => (document.querySelector('.hover-name')?.textContent ?? '').endsWith('.png'));
  return text('.hover-name');
}

/** Draws a closed line with the mouse while Shift is held. */
async function lasso(corners: readonly (readonly [number, number])[]): Promise<void> {
  const { mouse, keyboard } = panel.page;
  await mouse.move(...(corners[0] as [number, number]));
  await keyboard.down('Shift');
  await mouse.down();
  for (const [x, y] of corners) await mouse.move(x, y, { steps: 4 });
  await mouse.up();
  await keyboard.up('Shift');
}

const AROUND_ALL = [
  [2, 42],
  [860, 42],
  [860, 760],
  [2, 760],
] as const;

/** How many pixels of the map differ from its background. */
async function paintedPixels(): Promise<number> {
  const box = await panel.frame.locator('.map').boundingBox();
  const { data, info } = await sharp(await panel.page.screenshot({ clip: box! }))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const corner = (info.width * (info.height - 3) + info.width - 3) * 3;
  let painted = 0;
  for (let i = 0; i < data.length; i += 3) {
    const far = [0, 1, 2].some((channel) => Math.abs(data[i + channel] - data[corner + channel]) > 40);
    painted += far ? 1 : 0;
  }
  return painted;
}

describe('the map', () => {
  it('is drawn with WebGL2 while it converges, and says how far it is', async () => {
    await open({ query: { pause: '400' } });
    await panel.frame.waitForSelector('.map-canvas');
    expect(await text('.status .progress')).toMatch(/Arranging the map: \d+ of 300 epochs[\s\S]*left/);
    expect(await panel.frame.getAttribute('.map', 'data-renderer')).toBe('webgl');
    await ready();
    await panel.frame.locator('.legend-heading').click();
    const all = await paintedPixels();
    expect(all).toBeGreaterThan(5000);
    await panel.frame.locator('.legend-heading').click();
    await panel.frame.locator('.legend-row').first().click();
    await panel.frame.locator('.legend-heading').click();
    await panel.frame.waitForTimeout(100);
    expect(await paintedPixels()).toBeLessThan(all);
  });

  for (const renderer of ['auto', 'canvas'] as const) {
    it(`finds the point under the pointer (${renderer})`, async () => {
      await open({ state: { ...plain, renderer } });
      await ready();
      expect(await panel.frame.getAttribute('.map', 'data-renderer')).toBe(renderer === 'auto' ? 'webgl' : 'canvas');
      expect(await paintedPixels()).toBeGreaterThan(5000);
      const { name, x, y } = await chooseMiddle();
      expect(await hoverCard(x, y)).toBe(name);
      await lasso(AROUND_ALL);
      await panel.frame.waitForSelector('.tab-panel-selection');
      expect(await text('.status-selected')).toMatch(/^\d+ selected$/);
    });
  }

  it('gives the same lasso with WebGL2 and without', async () => {
    const selections: unknown[] = [];
    for (const renderer of ['auto', 'canvas']) {
      await open({ state: { ...plain, renderer } });
      await ready();
      await lasso([
        [300, 200],
        [700, 250],
        [600, 600],
      ]);
      await panel.page.waitForTimeout(300);
      selections.push((await panel.state())['selection']);
      if (renderer === 'auto') await panel.page.close();
    }
    expect(selections[0]).not.toEqual([]);
    expect(selections[1]).toEqual(selections[0]);
  });

  it('moves and magnifies by keyboard, and shows the whole map again', async () => {
    await open();
    await ready();
    await pressOnMap('+', '+', 'ArrowRight', 'ArrowDown');
    await panel.page.waitForTimeout(300);
    const view = (await panel.state())['view'] as { x: number; y: number; k: number };
    expect(view.k).toBeCloseTo(2.25);
    expect(view.x).toBeGreaterThan(0);
    expect(view.y).toBeGreaterThan(0);
    await pressOnMap('0');
    await panel.page.waitForTimeout(300);
    expect((await panel.state())['view']).toMatchObject({ k: 1 });
  });

  it('magnifies under the wheel and keeps the point under the pointer', async () => {
    await open();
    await ready();
    const { name, x, y } = await chooseMiddle();
    await panel.page.mouse.move(x, y);
    await panel.page.mouse.wheel(0, -300);
    await panel.page.waitForTimeout(200);
    const after = await activePlace();
    expect(Math.hypot(after.x - x, after.y - y)).toBeLessThan(2);
    expect(await hoverCard(x, y)).toBe(name);
  });

  it('goes on with Canvas2D when the graphics context is lost, and returns to WebGL2', async () => {
    await open();
    await ready();
    const before = await paintedPixels();
    await panel.frame.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.map-canvas')!;
      const lose = canvas.getContext('webgl2')!.getExtension('WEBGL_lose_context')!;
      Object.assign(window, { lose });
      lose.loseContext();
    });
    await panel.frame.waitForSelector('.map[data-renderer="canvas"]');
    await panel.frame.waitForTimeout(150);
    const lost = await paintedPixels();
    expect(lost).toBeGreaterThan(before * 0.8);
    expect(lost).toBeLessThan(before * 1.25);
    await panel.frame.evaluate(() => (window as unknown as { lose: WEBGL_lose_context }).lose.restoreContext());
    await panel.frame.waitForSelector('.map[data-renderer="webgl"]');
    await panel.frame.waitForTimeout(150);
    expect(await paintedPixels()).toBe(before);
  });
});

describe('an item', () => {
  it('shows its picture, facts and nearest neighbours after a click, and leads from one to the next', async () => {
    await open();
    await ready();
    const { name, x, y } = await chooseMiddle();
    await panel.page.keyboard.press('Escape');
    await panel.frame.waitForSelector('.item', { state: 'hidden' });
    await panel.page.mouse.click(x, y);
    await panel.frame.waitForSelector('.item-picture img');
    expect(await text('.item-name')).toBe(name);
    const calls = (await panel.calls('neighbours.of')) as { item: number; k: number }[];
    const asked = calls.findLast(({ k }) => k > 10); // The lines under the pointer ask for 10.
    expect(asked).toMatchObject({ k: 24, item: ((await panel.state())['history'] as { items: number[] }).items[0] });
    await panel.frame.waitForSelector('.neighbours .grid-cell');
    expect(await panel.frame.locator('.neighbours .grid-cell').count()).toBe(24);
    await panel.frame.locator('.neighbours .grid-cell').first().click();
    await panel.frame.waitForFunction((old) => document.querySelector('.item-name')?.textContent !== old, name);
    await panel.page.keyboard.press('Alt+[');
    await panel.frame.waitForFunction((old) => document.querySelector('.item-name')?.textContent === old, name);
    await panel.page.keyboard.press('Alt+]');
    await panel.frame.waitForFunction((old) => document.querySelector('.item-name')?.textContent !== old, name);
  });

  it('opens its file with Enter, and a neighbour’s from the gallery', async () => {
    await open();
    await ready();
    await chooseMiddle();
    await pressOnMap('Enter');
    await panel.frame.focus('.neighbours .grid');
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.keyboard.press('Enter');
    await expect.poll(() => panel.calls('panel.openItem')).toHaveLength(2);
    const [first, second] = (await panel.calls('panel.openItem')) as { item: number }[];
    expect(first.item).not.toBe(second.item);
  });

  it('marks neighbours with another label', async () => {
    await open();
    await ready();
    await panel.page.evaluate(() => window.harness.call('panel.select', { item: 3 }));
    await panel.frame.waitForSelector('.neighbours .grid-cell');
    const labels = await panel.frame
      .locator('.neighbours .grid-cell')
      .evaluateAll((cells) => cells.map((cell) => cell.textContent));
    const own = await panel.frame.locator('.item-facts dd').first().innerText();
    for (const label of labels)
      expect(label.includes('another label')).toBe(!label.startsWith(`${labels.indexOf(label) + 1}: ${own},`));
    expect(await panel.frame.locator('.card-differs').count()).toBe(
      labels.filter((label) => label.includes('another label')).length,
    );
  });
});

describe('a selection', () => {
  it('fills the gallery, holds only the cells in sight, and goes with Escape', async () => {
    await open();
    await ready();
    await lasso(AROUND_ALL);
    await panel.frame.waitForSelector('.selection .grid-cell');
    const selected = Number((await text('.status-selected')).split(' ')[0]);
    expect(selected).toBeGreaterThan(250);
    expect(await panel.frame.locator('.selection .grid-cell').count()).toBeLessThan(80);
    await panel.frame.focus('.selection .grid');
    await panel.page.keyboard.press('End');
    await panel.frame.waitForSelector(`.selection [aria-posinset="${selected}"]`);
    await panel.page.keyboard.press('Escape');
    await panel.frame.waitForSelector('.selection', { state: 'hidden' });
    expect(await panel.frame.locator('.status-selected').count()).toBe(0);
  });

  it('can be made by searching', async () => {
    await open();
    await ready();
    await panel.frame.locator('.toolbar-search input').fill('animal-bird twitter');
    await panel.frame.waitForFunction(() => document.querySelector('.status-counts')?.textContent.includes('12 found'));
    await panel.frame.locator('.toolbar-search input').press('Enter');
    await panel.frame.waitForFunction(() => document.querySelector('.status-selected')?.textContent === '12 selected');
    await panel.page.keyboard.press('Escape');
    await panel.page.keyboard.press('Escape');
    expect(await panel.frame.locator('.toolbar-search input').inputValue()).toBe('');
    expect(await text('.status-counts')).toBe('334 images');
  });
});

describe('the panel', () => {
  it('comes back as it was after it was hidden', async () => {
    await open();
    await ready();
    await pressOnMap('+', '+');
    const { name } = await chooseMiddle();
    await panel.frame.locator('.legend-row').nth(2).click();
    await panel.frame.locator('.toolbar-search input').fill('twitter');
    await panel.page.waitForTimeout(500);
    const before = await panel.state();
    await panel.hideAndShow();
    await ready();
    await panel.frame.waitForFunction((old) => document.querySelector('.item-name')?.textContent === old, name);
    expect(await panel.frame.locator('.legend-row[aria-pressed="true"]').count()).toBe(1);
    expect(await panel.frame.locator('.toolbar-search input').inputValue()).toBe('twitter');
    await panel.frame.waitForFunction(() => document.querySelector('.status-counts')?.textContent.includes('found'));
    await panel.page.waitForTimeout(300);
    expect(await panel.state()).toEqual(before);
  });

  it('comes back after the window was reloaded', async () => {
    await open();
    await ready();
    await pressOnMap('+');
    const { name } = await chooseMiddle();
    await panel.page.waitForTimeout(400);
    await panel.page.reload();
    await panel.arrived();
    await panel.frame.waitForFunction((old) => document.querySelector('.item-name')?.textContent === old, name);
    expect(((await panel.state())['view'] as { k: number }).k).toBeCloseTo(1.5);
  });

  it('forgets item numbers of an older content of the dataset', async () => {
    await open({ state: { ...plain, fingerprint: 'older', history: { items: [3], at: 0 }, selection: [1, 5] } });
    await ready();
    expect(await panel.state()).toMatchObject({ history: { items: [], at: -1 }, selection: [], fingerprint: 'f1' });
  });

  it('shows another model, and other settings of the projection', async () => {
    await open({ query: { runs: '' } });
    await ready();
    await panel.frame.locator('.toolbar-model vscode-dropdown').click();
    await panel.frame.locator('.toolbar-model vscode-option', { hasText: 'nt-xent-1' }).click();
    await expect
      .poll(async () => ((await panel.calls('embedding.compute')).at(-1) as { model: string }).model)
      .toBe('run:nt-xent-1');
    await ready();
    await panel.frame.locator('.toolbar-projection').click();
    const neighbours = panel.frame.locator('.form vscode-text-field input').first();
    await neighbours.fill('1');
    await panel.frame.locator('.form vscode-button', { hasText: 'Arrange' }).click();
    expect(await panel.frame.locator('.form-problem:visible').innerText()).toBe('A number from 2 to 200.');
    await neighbours.fill('30');
    await panel.frame.locator('.form vscode-button', { hasText: 'Arrange' }).click();
    await expect
      .poll(async () => ((await panel.calls('projection.run')).at(-1) as { settings: unknown }).settings)
      .toEqual({
        ...{ kind: 'umap', neighbours: 30, minDist: 0.1, spread: 1, density: 0, supervision: 0 },
        ...{ start: 'spectral', seed: 42, like: 'of-run' },
      });
    expect(await panel.calls('embedding.compute')).toHaveLength(2);
    await ready();
  });

  it('stops and goes on', async () => {
    await open({ query: { pause: '300' } });
    await panel.frame.waitForSelector('.map-canvas');
    await panel.frame.locator('.progress vscode-button').click();
    await panel.frame.waitForFunction(() => document.querySelector('.status-note')?.textContent.includes('Stopped'));
    await panel.frame.locator('.status-note vscode-button').click();
    await panel.frame.waitForSelector('.status .progress:not([hidden])');
    await ready();
  });

  it('says what is wrong and what to do, and tries again', async () => {
    await open({ query: { pause: '150' } });
    await panel.fail('projection.run', { code: 'engine', message: 'It broke.', remedy: 'Free some memory.' });
    await panel.frame.waitForSelector('.state-error');
    expect(await text('.state-error')).toMatch(/It broke\.[\s\S]*Free some memory\.[\s\S]*Try again/);
    await panel.frame.locator('.state-error vscode-button').click();
    await ready();
  });

  it('says what to do with an empty dataset', async () => {
    await open({ query: { empty: '' } });
    await panel.frame.waitForSelector('.state-empty');
    expect(await text('.state-empty')).toContain('Put JPEG, PNG or WebP files into the folder.');
  });

  it('follows the theme', async () => {
    await open();
    await ready();
    const first = () =>
      panel.frame
        .locator('.legend .swatch')
        .first()
        .evaluate((dot) => (dot as HTMLElement).style.backgroundColor);
    const dark = await first();
    await panel.theme('light');
    await expect.poll(first).not.toBe(dark);
    await panel.frame.waitForTimeout(100);
    expect(await paintedPixels()).toBeGreaterThan(5000);
  });

  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as ThemeName[]) {
    it(`is accessible and keeps the CSP (${theme})`, async () => {
      await open({ theme, state: { subject } });
      await ready();
      await chooseMiddle();
      await panel.frame.waitForSelector('.neighbours .grid-cell');
      await panel.frame.locator('.toolbar-projection').click();
      expect(await seriousViolations(panel.frame)).toEqual([]);
      await panel.frame.locator('[title^="What am"]').click();
      await lasso(AROUND_ALL);
      await panel.frame.waitForSelector('.selection .grid-cell');
      expect(await seriousViolations(panel.frame)).toEqual([]);
      expect(await panel.violations()).toEqual([]);
    });
  }
});
