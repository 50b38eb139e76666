import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FrameLocator } from 'playwright-core';
import type { DatasetSummary } from '../../src/trainer/protocol';
import { clickPoint, settled } from './map';
import { MESSAGE_ROWS, messagesCsv } from './messages';
import { repository, VSCodeWindow } from './window';

/** A table of texts as a person meets it in a real VS Code: opened, mapped, read, and cleaned of a near duplicate. */
const pictures = path.join(repository, 'out/screenshots');
let folder: string;
let window: VSCodeWindow;

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'kindred-texts-')), 'messages');
  await mkdir(folder);
  await writeFile(path.join(folder, 'messages.csv'), messagesCsv());
  window = await VSCodeWindow.open({ workspace: folder, settings: { 'workbench.colorTheme': 'Dark Modern' } });
  await window.load();
  await window.kindred();
});
afterAll(async () => {
  await window.close();
  await rm(path.dirname(folder), { recursive: true, force: true });
});

const picture = (name: string): Promise<unknown> =>
  window.page.screenshot({ path: path.join(pictures, `text-${name}.png`) });
const panel = (): FrameLocator => window.panel();
const patience = { timeout: 60_000, interval: 200 };

it('opens a table by its name, and counts texts', async () => {
  await window.command('Kindred: Open Dataset...');
  await picture('0-open');
  await window.choose('Choose a CSV');
  const input = window.page.locator('.quick-input-widget input.input');
  await expect.poll(() => input.inputValue()).toContain(path.dirname(folder));
  // The dialog fills in the folder again when it has read it, and takes Enter only when it has looked at what was typed.
  const opened = async (): Promise<number> => {
    if (await input.isVisible()) {
      await input.fill(path.join(folder, 'messages.csv'), { timeout: 1000 }).catch(() => undefined);
      await window.page.waitForTimeout(700);
      await input.press('Enter', { timeout: 1000 }).catch(() => undefined);
    }
    return summary().then(
      ({ items }) => items,
      () => 0,
    );
  };
  await expect.poll(opened, { timeout: 90_000, interval: 1500 }).toBe(MESSAGE_ROWS.length);
  expect((await summary()).labels.map(({ name }) => name)).toEqual(['account', 'delivery', 'payment', 'praise']);
  await window.page.getByText(`${MESSAGE_ROWS.length} texts`).first().waitFor();
  await picture('1-open');
});

it('maps them, shows the text of a clicked point, and its neighbours as excerpts', async () => {
  await window.command('Kindred: Explore Embeddings');
  await window.tab(/^Map/).waitFor();
  await settled(window);
  await clickPoint(window);
  const text = await panel().locator('.item-text').textContent();
  expect(MESSAGE_ROWS.map((row) => row.text)).toContain(text);
  const cards = panel().locator('.neighbours .card');
  await cards.first().locator('.thumbnail-text').waitFor();
  await picture('2-map');
});

it('reviews the near duplicate with its words marked, and decides by keyboard', async () => {
  await window.command('Kindred: Review Duplicates');
  await window.tab(/^Duplicates/).waitFor();
  await panel().locator('.member-text').nth(1).waitFor({ timeout: 60_000 });
  await panel().getByRole('option').first().click();
  const marked = async (): Promise<string[]> =>
    (await panel().locator('.member-text mark').allTextContents()).map((text) => text.trim()).sort();
  await expect.poll(marked, patience).toEqual(['amount.', 'oak', 'price.', 'walnut']);
  await picture('3-difference');
  await window.page.keyboard.press('Enter');
  const journal = (): Promise<string> => readFile(path.join(folder, 'kindred.decisions.jsonl'), 'utf8').catch(() => '');
  await expect.poll(journal, patience).toContain('"kind":"remove"');
  await picture('4-decided');
});

const summary = async (): Promise<DatasetSummary> =>
  (JSON.parse(await readFile(path.join(folder, '.kindred/dataset.json'), 'utf8')) as { summary: DatasetSummary })
    .summary;
