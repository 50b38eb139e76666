import { cp, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import type { ProjectionSettings } from '../../src/trainer/protocol';
import { clickPoint, settled } from './map';
import { sitting } from './sitting';
import { repository } from './window';

/** A map as a person works with it in a real VS Code: other clusters, other arrangements, how true it is, and two models on it. */
const here = sitting('emoji', (folder) => cp(path.join(repository, 'media/sample'), folder, { recursive: true }));
const { panel, picture, store } = here;
const patience = { timeout: 60_000, interval: 200 };

/** Takes an answer of one of the panel's lists. */
async function choose(list: Locator, answer: string): Promise<void> {
  await list.click();
  await list.locator('vscode-option', { hasText: answer }).click();
}

const field = (label: string): Locator => panel().locator(`.form-field:has(> .form-label:text-is("${label}")) input`);
const press = (label: string): Promise<void> => panel().locator('vscode-button:visible', { hasText: label }).click();
const remark = (): Locator => panel().locator('.status-remark');

interface Stored {
  readonly id: string;
  readonly embedding: string;
  readonly settings: ProjectionSettings;
}

/** The maps that the trainer has written; what was found out about them is kept beside them. */
async function maps(): Promise<Stored[]> {
  const names = await readdir(store('projections')).catch(() => []);
  const records = names.filter((name) => name.endsWith('.json'));
  const read = records.map(async (name) => {
    const record = JSON.parse(await readFile(store(`projections/${name}`), 'utf8')) as Partial<Stored>;
    return 'settings' in record ? [record as Stored] : [];
  });
  return (await Promise.all(read)).flat();
}

it('opens the sample, and colours its map by clusters, which can be others', async () => {
  await here.window.commandAndAnswer('Kindred: Open Dataset...', 'emoji');
  await expect.poll(() => readdir(store('')).catch(() => []), patience).toContain('items.arrow');
  await here.window.command('Kindred: Explore Embeddings');
  await here.window.tab(/^Map/).waitFor();
  await settled(here.window);
  await choose(panel().locator('.toolbar-colour vscode-dropdown'), 'Clusters');
  await panel().locator('.cluster').nth(3).waitFor();
  await picture('explore-1-communities');
  const found = await panel().locator('.clusters h2').innerText();
  await choose(panel().locator('.cluster-controls vscode-dropdown').first(), 'Dense regions');
  // The descriptors have no dense regions of the usual size.
  await panel().getByText('No group of items stands out').waitFor();
  await choose(panel().locator('.cluster-controls vscode-dropdown').nth(1), 'More, smaller');
  await panel().locator('.cluster', { hasText: 'In no cluster' }).waitFor();
  await picture('explore-2-dense');
  await choose(panel().locator('.cluster-controls vscode-dropdown').first(), 'Fixed number');
  await panel().locator('.cluster-controls input').fill('7');
  await panel().locator('.cluster-controls input').press('Enter');
  await expect.poll(() => panel().locator('.clusters h2').innerText(), patience).toMatch(/^7 clusters$/i);
  expect(found).not.toMatch(/^7 /);
  await picture('explore-3-seven');
});

it('arranges the map by t-SNE, and by UMAP with other neighbours from there', async () => {
  await panel().locator('.toolbar-projection').click();
  await choose(panel().locator('.form vscode-dropdown[aria-label="Kind of map"]'), 't-SNE');
  await picture('explore-4-form');
  await press('Arrange');
  await expect.poll(async () => (await maps()).map(({ settings }) => settings.kind), patience).toContain('tsne');
  await settled(here.window);
  const [tsne] = (await maps()).filter(({ settings }) => settings.kind === 'tsne');
  await panel().locator('.toolbar-projection').click();
  await choose(panel().locator('.form vscode-dropdown[aria-label="Kind of map"]'), 'UMAP');
  await field('Neighbours').fill('30');
  await press('Arrange');
  const wide = async (): Promise<Stored | undefined> =>
    (await maps()).find(({ settings }) => settings.neighbours === 30);
  await expect.poll(wide, patience).toMatchObject({ settings: { kind: 'umap', like: tsne.id } });
  await settled(here.window);
});

it('colours by how true the map is, and draws the true neighbours of an item', async () => {
  await choose(panel().locator('.toolbar-colour vscode-dropdown'), 'neighbours kept');
  await panel().locator('.quality-note dd').first().waitFor();
  await clickPoint(here.window);
  const lines = async (): Promise<number> =>
    ((await panel().locator('.map-links').getAttribute('d')) ?? '').split('M').length - 1;
  await panel().locator('.map').focus();
  await expect.poll(lines, patience).toBeGreaterThan(9);
  await picture('explore-5-quality');
  await here.window.page.keyboard.press('n');
  await expect.poll(lines, patience).toBe(0);
  await here.window.page.keyboard.press('n');
  await expect.poll(lines, patience).toBeGreaterThan(9);
});

it('lays another model out like this one, and flips back and forth', async () => {
  const neighbours = async (): Promise<string[]> =>
    here
      .panel()
      .locator('.neighbours .card')
      .evaluateAll((all) => all.map((card) => card.getAttribute('title') ?? ''));
  const before = await neighbours();
  await here.window.page.keyboard.press('m');
  await choose(panel().locator('.compare-menu vscode-dropdown'), 'Raw pixels');
  await press('Compare');
  await expect.poll(() => remark().allInnerTexts(), patience).toContain('Laid out like the map of Colours and edges');
  await settled(here.window);
  const [reference] = (await maps()).filter(({ settings }) => settings.neighbours === 30);
  const laid = (await maps()).find(({ embedding }) => embedding === 'pixels');
  expect(laid?.settings).toMatchObject({ kind: 'umap', neighbours: 30, like: reference.id });
  await here
    .panel()
    .getByText(/are among the nearest 24 of Colours and edges too/)
    .waitFor();
  expect(await neighbours()).not.toEqual(before);
  await picture('explore-6-compared');
  await panel().locator('.map').focus();
  await here.window.page.keyboard.press('m');
  await expect.poll(() => remark().count(), patience).toBe(0);
  const plain = (titles: string[]): string[] =>
    titles.map((title) => title.replace(/, not among the nearest of [^,]*/, ''));
  await expect.poll(async () => plain(await neighbours()), patience).toEqual(before);
});
