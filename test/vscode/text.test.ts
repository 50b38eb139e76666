import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { DatasetSummary } from '../../src/trainer/protocol';
import { clickPoint, settled } from './map';
import { MESSAGE_ROWS, messagesCsv } from './messages';
import { sitting } from './sitting';

/** A table of texts as a person meets it in a real VS Code: opened, mapped, read, and cleaned of a near duplicate. */
const here = sitting('messages', (folder) => writeFile(path.join(folder, 'messages.csv'), messagesCsv()));
const { panel, store } = here;
const picture = (name: string): Promise<void> => here.picture(`text-${name}`);
const patience = { timeout: 60_000, interval: 200 };

it('opens a table by its name, and counts texts', async () => {
  await here.window.command('Kindred: Open Dataset...');
  await picture('0-open');
  await here.window.choose('Choose a CSV');
  const input = here.window.page.locator('.quick-input-widget input.input');
  await expect.poll(() => input.inputValue()).toContain(path.dirname(here.folder));
  // The dialog fills in the folder again when it has read it, and takes Enter only when it has looked at what was typed.
  const opened = async (): Promise<number> => {
    if (await input.isVisible()) {
      await input.fill(path.join(here.folder, 'messages.csv'), { timeout: 1000 }).catch(() => undefined);
      await here.window.page.waitForTimeout(700);
      await input.press('Enter', { timeout: 1000 }).catch(() => undefined);
    }
    return summary().then(
      ({ items }) => items,
      () => 0,
    );
  };
  await expect.poll(opened, { timeout: 90_000, interval: 1500 }).toBe(MESSAGE_ROWS.length);
  expect((await summary()).labels.map(({ name }) => name)).toEqual(['account', 'delivery', 'payment', 'praise']);
  await here.window.page.getByText(`${MESSAGE_ROWS.length} texts`).first().waitFor();
  await picture('1-open');
});

it('maps them, shows the text of a clicked point, and its neighbours as excerpts', async () => {
  await here.window.command('Kindred: Explore Embeddings');
  await here.window.tab(/^Map/).waitFor();
  await settled(here.window);
  await clickPoint(here.window);
  const text = await panel().locator('.item-text').textContent();
  expect(MESSAGE_ROWS.map((row) => row.text)).toContain(text);
  const cards = panel().locator('.neighbours .card');
  await cards.first().locator('.thumbnail-text').waitFor();
  await picture('2-map');
});

it('reviews the near duplicate with its words marked, and decides by keyboard', async () => {
  await here.window.command('Kindred: Review Duplicates');
  await here.window.tab(/^Duplicates/).waitFor();
  await panel().locator('.member-text').nth(1).waitFor({ timeout: 60_000 });
  await panel().getByRole('option').first().click();
  const marked = async (): Promise<string[]> =>
    (await panel().locator('.member-text mark').allTextContents()).map((text) => text.trim()).sort();
  await expect.poll(marked, patience).toEqual(['amount.', 'oak', 'price.', 'walnut']);
  await picture('3-difference');
  await here.window.page.keyboard.press('Enter');
  const journal = (): Promise<string> =>
    readFile(path.join(here.folder, 'kindred.decisions.jsonl'), 'utf8').catch(() => '');
  await expect.poll(journal, patience).toContain('"kind":"remove"');
  await picture('4-decided');
});

const summary = async (): Promise<DatasetSummary> =>
  (JSON.parse(await readFile(store('dataset.json'), 'utf8')) as { summary: DatasetSummary }).summary;
