import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { DatasetSummary, RunSummary } from '../../src/trainer/protocol';
import { readNpy } from '../../src/trainer/store/npy';
import { clickPoint, settled } from './map';
import { sitting } from './sitting';
import { repository } from './window';

/**
 * The whole main job as a person does it, on the sample that travels with the extension: open, train, explore, reload, review,
 * apply, restore. The steps follow each other in one window; a picture of each is kept in out/screenshots.
 */
const STEPS = 40;
const ITEMS = 801;
const here = sitting('emoji', async (folder) => {
  await cp(path.join(repository, 'media/sample'), folder, { recursive: true });
  await cp(path.join(folder, 'grinning/noto.png'), path.join(folder, 'grinning/noto copy.png'));
  await writeFile(
    path.join(folder, 'kindred.json'),
    JSON.stringify({ training: { budget: { steps: STEPS }, imageSize: 32, seed: 7 } }),
  );
});
const { panel, picture, store } = here;
const read = async <T>(file: string): Promise<T> => JSON.parse(await readFile(file, 'utf8')) as T;
const patience = { timeout: 120_000, interval: 250 };

describe('the main job in a real VS Code', () => {
  it('opens the workspace folder as a dataset', async () => {
    await here.window.commandAndAnswer('Kindred: Open Dataset...', 'emoji');
    await expect
      .poll(
        () =>
          summary().then(
            (s) => s.items,
            () => 0,
          ),
        patience,
      )
      .toBe(ITEMS);
    expect((await summary()).labels).toHaveLength(400);
    await here.window.command('Kindred: Focus on Datasets View');
    await here.window.page.getByRole('treeitem', { name: /emoji/ }).first().waitFor();
    await picture('1-dataset');
  });

  it('trains from the palette, shows the curve, and keeps the run', async () => {
    await here.window.command('Kindred: Train Embedding Model');
    await here.window.offered('suggested settings').waitFor();
    await picture('2-train');
    await here.window.choose('suggested settings');
    await expect
      .poll(
        () =>
          run().then(
            (r) => r.state,
            () => 'none',
          ),
        patience,
      )
      .toBe('finished');
    expect((await run()).step).toBe(STEPS);
    await expect
      .poll(() =>
        panel()
          .getByText(/Recall@1/)
          .count(),
      )
      .toBeGreaterThan(0);
    await picture('3-training');
    expect(await readdir(store(`runs/${(await run()).name}`))).toContain('model.onnx');
  });

  it('exports the model with a Python program beside it', async () => {
    const { name } = await run();
    const model = path.join(path.dirname(here.folder), `${name}.onnx`);
    await here.window.commandAndAnswer('Kindred: Export Model...', name);
    const input = here.window.page.locator('.quick-input-widget input.input');
    await expect.poll(() => input.inputValue()).toContain('.onnx');
    await input.fill(model);
    // The dialog takes Enter only when it has looked at the folder that was typed.
    const written = async (): Promise<string[]> => {
      if (await input.isVisible()) await input.press('Enter', { timeout: 1000 }).catch(() => undefined);
      return readdir(path.dirname(here.folder));
    };
    await expect.poll(written, { timeout: 120_000, interval: 500 }).toContain(`${name}.py`);
    // Compared as a whole: byte by byte, the five megabytes take half a minute.
    expect((await readFile(model)).equals(await readFile(store(`runs/${name}/model.onnx`)))).toBe(true);
    await here.window.page.getByText('beside it is').first().waitFor();
    await picture('3-export');
  });

  it('maps the embeddings of the run, and shows the right neighbours of a clicked point', async () => {
    await here.window.commandAndAnswer('Kindred: Explore Embeddings', (await run()).name);
    await here.window.tab(/^Map/).waitFor();
    await settled(here.window);
    await clickPoint(here.window);
    expect(await galleryDistances()).toEqual(await trueDistances(await shownItem()));
    await picture('4-explore');
  });

  it('finds the same state after a reload of the window', async () => {
    const before = await shownItem();
    const distances = await galleryDistances();
    await here.window.reload();
    await settled(here.window);
    await expect.poll(() => shownItem(), patience).toBe(before);
    await expect.poll(() => galleryDistances(), patience).toEqual(distances);
    await picture('5-reloaded');
  });

  it('reviews duplicates by keyboard', async () => {
    await here.window.command('Kindred: Review Duplicates');
    await here.window.tab(/^Duplicates/).waitFor();
    await panel()
      .getByText(/0 of \d+ reviewed/)
      .waitFor({ timeout: 60_000 });
    await picture('6-review');
    await panel().getByRole('option').first().click();
    await walkTo('grinning/noto copy.png');
    await here.window.page.keyboard.press('Enter');
    await expect.poll(() => journal(), patience).toContainEqual(['remove', 'grinning/noto copy.png']);
  });

  it('applies the decisions to the quarantine, and brings the files back', async () => {
    const removed = (await journal()).filter(([kind]) => kind === 'remove').length;
    await here.window.command('Kindred: Apply Decisions...');
    await here.window.page.locator('.monaco-dialog-box').waitFor();
    await picture('7-apply');
    await here.window.answer('Move');
    await expect.poll(() => readdir(path.join(here.folder, 'grinning')), patience).not.toContain('noto copy.png');
    await expect.poll(() => summary().then((s) => s.items), patience).toBe(ITEMS - removed);
    await here.window.commandAndAnswer('Kindred: Restore...', `${removed} file`);
    await expect.poll(() => readdir(path.join(here.folder, 'grinning')), patience).toContain('noto copy.png');
    await expect.poll(() => summary().then((s) => s.items), patience).toBe(ITEMS);
  });
});

const summary = async (): Promise<DatasetSummary> =>
  (await read<{ summary: DatasetSummary }>(store('dataset.json'))).summary;

async function run(): Promise<RunSummary> {
  const [name] = await readdir(store('runs'));
  return read(store(`runs/${name}/run.json`));
}

/** Goes from group to group with the keyboard until this file is one of the members. */
async function walkTo(file: string): Promise<void> {
  const member = panel().getByText(file).first();
  for (let i = 0; i < 300; i++) {
    if (await member.isVisible()) return;
    await here.window.page.keyboard.press('j');
    await here.window.page.waitForTimeout(100);
  }
  throw new Error(`No group holds ${file}.`);
}

const shownItem = async (): Promise<string> => (await panel().locator('.item-name').getAttribute('title')) ?? '';

function cards(): Locator {
  return panel().locator('.neighbours .card');
}

async function galleryDistances(): Promise<string[]> {
  await cards().first().waitFor({ timeout: 60_000 });
  const titles = await cards().evaluateAll((all) => all.map((card) => card.getAttribute('title') ?? ''));
  return titles.slice(0, 6).map((title) => title.replace(/^.*distance /, ''));
}

/** What the gallery must show, computed from the embedding's file by definition. */
async function trueDistances(item: string): Promise<string[]> {
  const id = `run-${(await run()).name}`;
  const { data, shape } = await readNpy(store(`embeddings/${id}.npy`));
  const [rows, dims] = shape as [number, number];
  const query = (await itemPaths()).indexOf(item);
  const distances = Array.from({ length: rows }, (_, row) => {
    let dot = 0;
    for (let i = 0; i < dims; i++) dot += data[query * dims + i] * data[row * dims + i];
    return 1 - dot;
  });
  distances.splice(query, 1);
  return distances
    .sort((a, b) => a - b)
    .slice(0, 6)
    .map((distance) => Math.max(0, distance).toFixed(3));
}

/** Items are in the order of their paths; the test reads it from the item table, as the product wrote it. */
async function itemPaths(): Promise<string[]> {
  const { tableFromIPC } = await import('apache-arrow');
  const column = tableFromIPC(await readFile(store('items.arrow'))).getChild('path');
  return Array.from(column ?? [], String);
}

async function journal(): Promise<[string, string | undefined][]> {
  const text = await readFile(path.join(here.folder, 'kindred.decisions.jsonl'), 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const { kind, item } = JSON.parse(line) as { kind: string; item?: { path: string } };
    return [kind, item?.path];
  });
}
