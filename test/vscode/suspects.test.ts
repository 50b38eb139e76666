import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SuspectList } from '../../src/trainer/protocol';
import { shapeDataset } from '../trainer/training/shapes';
import { repository, VSCodeWindow } from './window';

/** From a training with sub-centre ArcFace to labels that are right, in a real VS Code. */
const pictures = path.join(repository, 'out/screenshots');
/** Each in the folder of the next class: the run holds some items out, and looks at the others. */
const WRONG = ['class 00/3.png', 'class 01/5.png', 'class 02/7.png'];
let folder: string;
let remove: () => Promise<void>;
let window: VSCodeWindow;

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  const shapes = await shapeDataset(4, 24);
  ({ remove } = shapes);
  folder = shapes.dataset.ref.root;
  for (const [at, file] of WRONG.entries())
    await rename(path.join(folder, file), path.join(folder, `class 0${at + 1}/wrong ${at}.png`));
  await rm(path.join(folder, '.kindred'), { recursive: true });
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
  window = await VSCodeWindow.open({ workspace: folder, settings: { 'workbench.colorTheme': 'Dark Modern' } });
  await window.load();
  await window.kindred();
});
afterAll(async () => {
  await window.close();
  await remove();
});

const picture = (name: string): Promise<unknown> =>
  window.page.screenshot({ path: path.join(pictures, `${name}.png`) });
const panel = (): FrameLocator => window.panel();
const patience = { timeout: 60_000, interval: 200 };
const inStore = (file: string): string => path.join(folder, '.kindred', file);

it('reviews what a run suspects by keyboard, applies it, and takes it back', async () => {
  await window.commandAndAnswer('Kindred: Open Dataset...', path.basename(folder));
  await expect.poll(() => readdir(inStore('')).catch(() => []), patience).toContain('items.arrow');
  await window.command('Kindred: New Training (Form)...');
  await panel().locator('.form').waitFor({ timeout: 60_000 });
  await panel().locator('#setting-name').fill('noisy');
  await panel().locator('vscode-button:visible', { hasText: 'Start training' }).first().click();
  await expect.poll(() => readdir(inStore('runs/noisy')).catch(() => []), patience).toContain('suspects.json');

  await window.command('Kindred: Review Suspected Labels');
  const [{ label, nearestLabel, path: file }] = (
    JSON.parse(await readFile(inStore('runs/noisy/suspects.json'), 'utf8')) as SuspectList
  ).suspects;
  expect(file).toContain('wrong');
  await panel().locator('.case-head', { hasText: file }).waitFor({ timeout: 60_000 });
  await panel().locator('.suspect-stage img').nth(12).waitFor();
  await picture('suspects-1-case');
  await window.page.keyboard.press('Enter');
  const journal = (): Promise<string> => readFile(path.join(folder, 'kindred.decisions.jsonl'), 'utf8').catch(() => '');
  await expect.poll(journal, patience).toContain('"kind":"relabel"');
  await picture('suspects-2-decided');

  await panel().locator('vscode-button', { hasText: 'Apply 1 decision' }).click();
  await window.page.locator('.monaco-dialog-box').waitFor();
  await picture('suspects-3-question');
  await window.answer('Apply');
  await expect.poll(() => readdir(path.join(folder, nearestLabel)), patience).toContain(path.basename(file));
  await window.commandAndAnswer('Kindred: Restore', '1 label changed');
  await expect.poll(() => readdir(path.join(folder, label)), patience).toContain(path.basename(file));
  await picture('suspects-4-restored');
});
