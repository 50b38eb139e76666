import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { SuspectList } from '../../src/trainer/protocol';
import { drawShapes } from '../trainer/training/shapes';
import { sitting } from './sitting';

/** From a training with sub-centre ArcFace to labels that are right, in a real VS Code. */
/** Each in the folder of the next class: the run holds some items out, and looks at the others. */
const WRONG = ['class 00/3.png', 'class 01/5.png', 'class 02/7.png'];
const here = sitting('shapes', async (folder) => {
  await drawShapes(folder, 4, 24);
  for (const [at, file] of WRONG.entries())
    await rename(path.join(folder, file), path.join(folder, `class 0${at + 1}/wrong ${at}.png`));
  const training = {
    features: 'descriptor',
    model: { kind: 'linear', method: 'gradient' },
    loss: { kind: 'sub-centre-arcface' },
    batch: { classes: 4, perClass: 8 },
    budget: { steps: 200 },
    holdOut: 'item',
    holdOutFraction: 0.05,
  };
  await writeFile(path.join(folder, 'kindred.json'), JSON.stringify({ training }));
});
const { panel, picture, store } = here;
const patience = { timeout: 60_000, interval: 200 };

it('reviews what a run suspects by keyboard, applies it, and takes it back', async () => {
  await here.window.commandAndAnswer('Kindred: Open Dataset...', path.basename(here.folder));
  await expect.poll(() => readdir(store('')).catch(() => []), patience).toContain('items.arrow');
  await here.window.command('Kindred: New Training (Form)...');
  await panel().locator('.form').waitFor({ timeout: 60_000 });
  await panel().locator('#setting-name').fill('noisy');
  await panel().locator('vscode-button:visible', { hasText: 'Start training' }).first().click();
  await expect.poll(() => readdir(store('runs/noisy')).catch(() => []), patience).toContain('suspects.json');

  await here.window.command('Kindred: Review Suspected Labels');
  const [{ label, nearestLabel, path: file }] = (
    JSON.parse(await readFile(store('runs/noisy/suspects.json'), 'utf8')) as SuspectList
  ).suspects;
  expect(file).toContain('wrong');
  await panel().locator('.case-head', { hasText: file }).waitFor({ timeout: 60_000 });
  await panel().locator('.suspect-stage img').nth(12).waitFor();
  await picture('suspects-1-case');
  await here.window.page.keyboard.press('Enter');
  const journal = (): Promise<string> =>
    readFile(path.join(here.folder, 'kindred.decisions.jsonl'), 'utf8').catch(() => '');
  await expect.poll(journal, patience).toContain('"kind":"relabel"');
  await picture('suspects-2-decided');

  await panel().locator('vscode-button', { hasText: 'Apply 1 decision' }).click();
  await here.window.page.locator('.monaco-dialog-box').waitFor();
  await picture('suspects-3-question');
  await here.window.answer('Apply');
  await expect.poll(() => readdir(path.join(here.folder, nearestLabel)), patience).toContain(path.basename(file));
  await here.window.commandAndAnswer('Kindred: Restore', '1 label changed');
  await expect.poll(() => readdir(path.join(here.folder, label)), patience).toContain(path.basename(file));
  await picture('suspects-4-restored');
});
