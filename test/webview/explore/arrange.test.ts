import { describe, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
import type { ProjectionSettings } from '../../../src/trainer/protocol';
import { seriousViolations } from '../harness/accessibility';
import type { PanelOptions, PanelUnderTest } from '../harness/harness';
import { shoot } from '../harness/shots';
import { explorePages, plain, settled } from './openExplore';

const pages = explorePages();
let panel: PanelUnderTest;

/** The panel with its map, and the form open. */
async function open(options: PanelOptions = {}): Promise<void> {
  panel = await pages.open(options);
  await ready();
  await panel.frame.locator('.toolbar-projection').click();
}

function ready(): Promise<void> {
  return settled(panel);
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
const REST = { density: 0, supervision: 0, spread: 1, perplexity: 30, metric: 'cosine', start: 'spectral', seed: 42 };

describe('the form of the projection', () => {
  it('shows what each kind needs, essentials first, and is accessible with everything unfolded', async () => {
    await open();
    expect(await shown()).toEqual(['Dimensions', 'Neighbours', 'Minimum distance']);
    await panel.frame.locator('.form summary').click();
    expect(await shown()).toEqual([
      'Dimensions',
      'Neighbours',
      'Minimum distance',
      'Spread',
      'Densities',
      'Pull of the labels',
      'Similar by',
      'Begins',
      'Seed',
    ]);
    expect(await seriousViolations(panel.frame)).toEqual([]);
    await shoot(panel, 'form-umap');
    await choose('Kind of map', 't-SNE');
    expect(await shown()).toEqual(['Dimensions', 'Perplexity', 'Similar by', 'Begins', 'Seed']);
    const beginnings = panel.frame.locator('[aria-label="Begins"] vscode-option');
    expect(await beginnings.allTextContents()).toEqual(['As the map lies now', 'Anew: the two widest directions']);
    expect(await seriousViolations(panel.frame)).toEqual([]);
    await shoot(panel, 'form-tsne');
    await choose('Kind of map', 'PCA');
    expect(await shown()).toEqual(['Dimensions']);
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

  it('arranges in space, anew, and goes on from there', async () => {
    await open();
    await choose('Dimensions', 'space');
    await arrange();
    await expect.poll(lastSettings).toMatchObject({ kind: 'umap', dims: 3 });
    // A flat map says nothing of where to begin in space.
    expect(await lastSettings()).not.toHaveProperty('like');
    await ready();
    const button = panel.frame.locator('.toolbar-projection');
    expect((await button.innerText()).trim()).toBe('UMAP\u00a03D\u00a015\u00a0/\u00a00.1');
    expect(await button.getAttribute('title')).toContain('in space');
    await button.click();
    await field('Neighbours').fill('30');
    await arrange();
    await expect.poll(lastSettings).toMatchObject({ neighbours: 30, dims: 3, like: 'p' });
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
    // It does not jump to the new picture: the first step is on the way, however long a busy machine takes for it.
    const farthest = Math.max(...seen.map((at) => Math.abs(at - before)));
    const first = Math.abs(seen.find((at) => at !== before)! - before);
    expect(seen.length).toBeGreaterThan(5);
    expect(first).toBeLessThan(0.95 * farthest);
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
    await shoot(panel, 'form-problem');
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
      density: 0,
      supervision: 0,
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
    await ready();
    expect(await panel.calls('projection.run')).toHaveLength(1);
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
    expect(await shown()).toEqual(['Dimensions', 'Across (x)', 'Up (y)']);
    expect(await seriousViolations(panel.frame)).toEqual([]);
    await shoot(panel, 'form-columns');
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

  it('takes a third column for space', async () => {
    await open({ query: { numeric: 'a,pos_0,pos_1,pos_2,b' } });
    await choose('Kind of map', 'From columns');
    await choose('Dimensions', 'space');
    expect(await shown()).toEqual(['Dimensions', 'Across (x)', 'Up (y)', 'Towards you (z)']);
    expect(await seriousViolations(panel.frame)).toEqual([]);
    await choose('Towards you (z)', 'pos_1');
    await arrange();
    expect(await panel.frame.locator('.form-problem:visible').innerText()).toBe('Choose three different columns.');
    await choose('Towards you (z)', 'b');
    await arrange();
    await expect.poll(lastSettings).toMatchObject({ columns: ['pos_0', 'pos_1', 'b'], dims: 3 });
  });
});

it('tells how many of the neighbours were found where it is not all', async () => {
  await open({ query: { recall: '0.9834' } });
  const remark = (): Locator => panel.frame.locator('.status-remark');
  expect(await remark().innerText()).toBe('98.3% of the nearest neighbours were found');
  await shoot(panel, 'remark');
  await panel.page.close();
  await open();
  expect(await remark().count()).toBe(0);
});

it('tells how many items were placed into the map, and arranges all anew when asked', async () => {
  await open({ query: { placed: '212', pause: '120' } });
  const remark = (): Locator => panel.frame.locator('.status-remark');
  expect(await remark().innerText()).toBe('212 new items were placed into the map');
  expect(await seriousViolations(panel.frame)).toEqual([]);
  await shoot(panel, 'placed');
  await panel.frame.getByRole('button', { name: 'Arrange anew' }).click();
  // Stopped on the way, it goes on with what was asked for.
  await panel.frame.getByRole('button', { name: 'Stop' }).click();
  await panel.frame.getByRole('button', { name: 'Go on' }).click();
  await expect.poll(() => remark().count(), { timeout: 10_000 }).toBe(0);
  await ready();
  const asked = (await panel.calls('projection.run')) as { anew?: boolean }[];
  expect(asked.map(({ anew }) => anew)).toEqual([undefined, true, true]);
  expect(await panel.frame.getByRole('button', { name: 'Arrange anew' }).count()).toBe(0);
});
