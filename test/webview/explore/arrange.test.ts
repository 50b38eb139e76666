import { mkdir } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
import type { ProjectionSettings } from '../../../src/trainer/protocol';
import { seriousViolations } from '../harness/accessibility';
import { emojiAnswer } from '../harness/emoji';
import { startHarness, type PanelHarness, type PanelOptions, type PanelUnderTest } from '../harness/harness';

const subject = { view: 'explore', dataset: { root: '/data/emoji' }, model: 'descriptor' };
const plain = { subject, fingerprint: 'f1', pictures: false };

let harness: PanelHarness;
let panel: PanelUnderTest;
beforeAll(async () => {
  harness = await startHarness({ view: 'explore', host: 'test/webview/explore/exploreHost.ts', data: emojiAnswer });
});
afterEach(async () => {
  expect(panel.complaints).toEqual([]);
  await panel.page.close();
});
afterAll(() => harness.close());

/** The panel with its map, and the form open. */
async function open(options: PanelOptions = {}): Promise<void> {
  panel = await harness.open({ state: plain, ...options });
  await ready();
  await panel.frame.locator('.toolbar-projection').click();
}

async function ready(): Promise<void> {
  await panel.frame.waitForSelector('.map-canvas');
  await panel.frame.waitForSelector('.status .progress', { state: 'hidden' });
}

async function choose(dropdown: string, option: string): Promise<void> {
  const list = panel.frame.locator(`.form vscode-dropdown[aria-label="${dropdown}"]`);
  await list.click();
  await list.locator('vscode-option', { hasText: option }).click();
}

function field(label: string): Locator {
  return panel.frame.locator(`.form-field:has(> .form-label:text-is("${label}")) input`);
}

/** The labels of what can be set now. */
async function shown(): Promise<string[]> {
  return panel.frame.locator('.form .form-label:visible').allInnerTexts();
}

function arrange(): Promise<void> {
  return panel.frame.locator('.form vscode-button', { hasText: 'Arrange' }).click();
}

async function lastSettings(): Promise<ProjectionSettings> {
  return ((await panel.calls('projection.run')).at(-1) as { settings: ProjectionSettings }).settings;
}

/** What the usual settings say besides. */
const REST = { spread: 1, perplexity: 30, metric: 'cosine', start: 'spectral', seed: 42 };

/** Saves a picture for whoever looks at the panel, where KINDRED_SHOTS names a folder. */
async function shot(name: string): Promise<void> {
  const folder = process.env['KINDRED_SHOTS'];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await panel.page.screenshot({ path: `${folder}/${name}.png` });
}

describe('the form of the projection', () => {
  it('shows what each kind needs, essentials first, and is accessible with everything unfolded', async () => {
    await open();
    expect(await shown()).toEqual(['Neighbours', 'Minimum distance']);
    await panel.frame.locator('.form summary').click();
    expect(await shown()).toEqual(['Neighbours', 'Minimum distance', 'Spread', 'Similar by', 'Begins', 'Seed']);
    expect(await seriousViolations(panel.frame)).toEqual([]);
    await shot('form-umap');
    await choose('Kind of map', 't-SNE');
    expect(await shown()).toEqual(['Perplexity', 'Similar by', 'Begins', 'Seed']);
    expect(await seriousViolations(panel.frame)).toEqual([]);
    await shot('form-tsne');
    await choose('Kind of map', 'PCA');
    expect(await shown()).toEqual([]);
    const offered = await panel.frame.locator('[aria-label="Kind of map"] vscode-option').allTextContents();
    expect(offered.join()).not.toContain('columns');
  });

  it('arranges by t-SNE: says so on its button and in what the panel keeps', async () => {
    await open();
    await choose('Kind of map', 't-SNE');
    await field('Perplexity').fill('12.5');
    await arrange();
    await expect.poll(lastSettings).toMatchObject({ kind: 'tsne', perplexity: 12.5, seed: 42 });
    await ready();
    const button = panel.frame.locator('.toolbar-projection');
    expect((await button.innerText()).trim()).toBe('t-SNE\u00a012.5');
    expect(await button.getAttribute('title')).toContain('t-SNE with perplexity 12.5');
    expect(await panel.state()).toMatchObject({ projection: { kind: 'tsne', perplexity: 12.5 } });
  });

  it('moves the map from where it is', async () => {
    await open({ motion: true, query: { pause: '150' } });
    const place = (): Promise<number> =>
      panel.frame.evaluate(() => Number(document.querySelector('.map-ring-active')!.getAttribute('cx')));
    await panel.frame.locator('.form').press('Escape');
    await panel.frame.focus('.map');
    await panel.page.keyboard.press('Space');
    await panel.frame.waitForSelector('.map-ring-active.shown', { state: 'attached' });
    await panel.frame.waitForTimeout(600);
    const before = await place();
    await panel.frame.evaluate(() => {
      const ring = document.querySelector('.map-ring-active')!;
      const seen: number[] = [];
      Object.assign(window, { seen });
      new MutationObserver(() => seen.push(Number(ring.getAttribute('cx')))).observe(ring, { attributes: true });
    });
    await panel.frame.locator('.toolbar-projection').click();
    await field('Neighbours').fill('40');
    await arrange();
    await expect.poll(lastSettings).toMatchObject({ neighbours: 40, like: 'p' });
    await ready();
    const seen = await panel.frame.evaluate(() => (window as unknown as { seen: number[] }).seen);
    // The first step on the way is a small one: it does not jump to the new picture.
    const farthest = Math.max(...seen.map((at) => Math.abs(at - before)));
    const first = Math.abs(seen.find((at) => at !== before)! - before);
    expect(seen.length).toBeGreaterThan(5);
    expect(first).toBeLessThan(0.5 * farthest);
  });

  it('says what cannot be, at its field, and has the focus there', async () => {
    await open();
    await field('Neighbours').fill('2.5');
    await arrange();
    expect(await panel.frame.locator('.form-problem:visible').allInnerTexts()).toEqual(['A whole number, please.']);
    await field('Neighbours').fill('20');
    await field('Minimum distance').fill('2');
    await arrange();
    const problem = await panel.frame.locator('.form-problem:visible').allInnerTexts();
    expect(problem).toEqual(['At most the spread, which is 1 (under “More”).']);
    await field('Minimum distance').and(panel.frame.locator(':focus')).waitFor();
    await shot('form-problem');
    await panel.frame.locator('.form summary').click();
    await field('Spread').fill('');
    await panel.frame.locator('.form summary').click();
    await arrange();
    // What is folded away unfolds when it is wrong.
    expect(await panel.frame.locator('.form-problem:visible').allInnerTexts()).toEqual(['A number from 0.1 to 10.']);
    await field('Spread').fill('3');
    await field('Spread').press('Enter');
    await expect.poll(lastSettings).toEqual({
      kind: 'umap',
      neighbours: 20,
      minDist: 2,
      spread: 3,
      start: 'spectral',
      seed: 42,
      like: 'p',
    });
    await ready();
  });

  it('forgets what was not arranged when it is opened again, and goes back to the usual settings', async () => {
    await open({ state: { ...plain, projection: { kind: 'umap', neighbours: 50, minDist: 0.4, seed: 1 } } });
    await field('Neighbours').fill('99');
    await field('Neighbours').press('Escape');
    await panel.frame.locator('.toolbar-projection').click();
    expect(await field('Neighbours').inputValue()).toBe('50');
    await panel.frame.locator('.form vscode-button', { hasText: 'Usual settings' }).click();
    await expect.poll(() => field('Neighbours').inputValue()).toBe('15');
    expect(await field('Minimum distance').inputValue()).toBe('0.1');
    await arrange();
    await expect.poll(lastSettings).toEqual({ kind: 'umap', neighbours: 15, minDist: 0.1, ...REST });
    await ready();
  });
});

describe('where a map begins', () => {
  it('is where it lies now; the same settings change nothing, and another seed begins anew', async () => {
    await open();
    await arrange();
    await expect.poll(async () => (await panel.calls('projection.run')).length).toBe(2);
    expect(await lastSettings()).not.toHaveProperty('like');
    await ready();
    await panel.frame.locator('.toolbar-projection').click();
    await panel.frame.locator('.form summary').click();
    await field('Seed').fill('7');
    await arrange();
    await expect.poll(lastSettings).toMatchObject({ seed: 7 });
    expect(await lastSettings()).not.toHaveProperty('like');
    await ready();
    await panel.frame.locator('.toolbar-projection').click();
    await choose('Begins', 'by the neighbours');
    await arrange();
    await expect.poll(lastSettings).toMatchObject({ seed: 7, start: 'spectral' });
    await ready();
  });

  it('is anew when what it began from is gone', async () => {
    await open({
      state: { ...plain, projection: { kind: 'umap', neighbours: 15, minDist: 0.1, seed: 1, like: 'gone' } },
    });
    const asked = (await panel.calls('projection.run')) as { settings: ProjectionSettings }[];
    expect(asked.map(({ settings }) => settings.like)).toEqual(['gone', undefined]);
  });
});

describe('a map from columns of the table', () => {
  it('is offered with the columns that look like positions, and tells of images without one', async () => {
    await open({ query: { numeric: 'width,umap_x,umap_y' } });
    await choose('Kind of map', 'From columns');
    expect(await shown()).toEqual(['Across (x)', 'Up (y)']);
    expect(await seriousViolations(panel.frame)).toEqual([]);
    await shot('form-columns');
    await arrange();
    await expect.poll(lastSettings).toMatchObject({ kind: 'columns', columns: ['umap_x', 'umap_y'] });
    await ready();
    expect(await panel.frame.locator('.status-remark').innerText()).toBe(
      '3 images without a position: in the row beneath',
    );
    expect((await panel.frame.locator('.toolbar-projection').innerText()).trim()).toContain('umap_x');
  });

  it('lets the person choose, and refuses the same column twice', async () => {
    await open({ query: { numeric: 'a,b,c' } });
    await choose('Kind of map', 'From columns');
    await choose('Up (y)', 'a');
    await arrange();
    expect(await panel.frame.locator('.form-problem:visible').innerText()).toBe('Choose two different columns.');
    await choose('Up (y)', 'c');
    await arrange();
    await expect.poll(lastSettings).toMatchObject({ columns: ['a', 'c'] });
    await ready();
  });
});

it('tells how many of the neighbours were found where it is not all', async () => {
  await open({ query: { recall: '0.9834' } });
  const remark = (): Locator => panel.frame.locator('.status-remark');
  expect(await remark().innerText()).toBe('98.3% of the nearest neighbours were found');
  await shot('remark');
  await panel.page.close();
  await open();
  expect(await remark().count()).toBe(0);
});
