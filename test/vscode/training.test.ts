import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunSummary, TrainingMetrics } from '../../src/trainer/protocol';
import { repository, VSCodeWindow } from './window';

/** A training that a person steers, in one window: form, pause, another learning rate, stop; two runs side by side; kindred.json. */
const pictures = path.join(repository, 'out/screenshots');
let folder: string;
let window: VSCodeWindow;

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'kindred-steer-')), 'emoji');
  await cp(path.join(repository, 'media/sample'), folder, { recursive: true });
  window = await VSCodeWindow.open({
    workspace: folder,
    settings: { 'workbench.colorTheme': 'Dark Modern' },
  });
  await window.load();
  await window.kindred();
});
afterAll(async () => {
  await window.close();
  await rm(path.dirname(folder), { recursive: true, force: true });
});

const picture = (name: string): Promise<unknown> =>
  window.page.screenshot({ path: path.join(pictures, `${name}.png`) });
const panel = (): FrameLocator => window.panel();
const press = (label: string): Promise<void> =>
  panel().locator('vscode-button:visible', { hasText: label }).first().click();
const patience = { timeout: 60_000, interval: 200 };

async function run(name: string): Promise<RunSummary> {
  return JSON.parse(await readFile(path.join(folder, '.kindred/runs', name, 'run.json'), 'utf8')) as RunSummary;
}

async function metrics(name: string): Promise<TrainingMetrics[]> {
  const text = await readFile(path.join(folder, '.kindred/runs', name, 'metrics.jsonl'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TrainingMetrics);
}

/** Fills the form in for a training of a few seconds. */
async function fill(name: string, steps: string): Promise<void> {
  await panel().locator('#setting-name').fill(name);
  await panel().locator('#setting-imageSize').fill('16');
  await panel().locator('[aria-label="Minutes or steps"]').selectOption('steps');
  await panel().locator('#setting-budget').fill(steps);
  await panel().locator('summary', { hasText: 'More settings' }).click();
  await panel().locator('#setting-batch-classes').fill('8');
  await panel().locator('#setting-batch-perClass').fill('2');
  await panel().locator('#setting-holdOutFraction').fill('0.05');
}

describe('a training that is steered in a real VS Code', () => {
  it('begins from the form, which says what cannot be', async () => {
    await window.commandAndAnswer('Kindred: Open Dataset...', 'emoji');
    await expect.poll(() => readdir(path.join(folder, '.kindred')).catch(() => []), patience).toContain('items.arrow');
    await window.command('Kindred: New Training (Form)...');
    await panel().locator('.form').waitFor({ timeout: 60_000 });
    await panel().locator('#setting-from').selectOption({ label: 'Quick look' });
    await expect.poll(() => panel().locator('#setting-imageSize').inputValue(), patience).toBe('32');
    await fill('first', '100000');
    await panel().locator('#setting-imageSize').fill('5');
    await panel().getByText('it must be a whole number from 16 to 256').waitFor();
    await picture('steer-1-form');
    await panel().locator('#setting-imageSize').fill('16');
    await panel().locator('#setting-imageSize-problem').waitFor({ state: 'hidden' });
    await press('Start training');
    await panel().locator('.run-phase', { hasText: 'Running' }).waitFor({ timeout: 60_000 });
  });

  it('pauses at a checkpoint, and goes on', async () => {
    await press('Pause');
    await panel().locator('.run-phase', { hasText: 'Paused' }).waitFor();
    const { step, paused, state } = await run('first');
    expect({ paused, state }).toEqual({ paused: true, state: 'running' });
    await picture('steer-2-paused');
    await window.page.waitForTimeout(1000);
    expect((await metrics('first')).at(-1)!.step).toBe(step);
    await window.command('Kindred: Continue Paused Training');
    await expect.poll(async () => (await metrics('first')).at(-1)!.step, patience).toBeGreaterThan(step);
    await panel().locator('.run-phase', { hasText: 'Running' }).waitFor();
  });

  it('goes on with another learning rate, and says that it cannot be repeated any more', async () => {
    await press('Learning rate × 1');
    await press('× 0.5');
    await panel().getByText('the settings alone no longer repeat this run').waitFor();
    const [{ step, factor }] = (await run('first')).rateChanges!;
    expect(factor).toBe(0.5);
    await expect.poll(async () => (await metrics('first')).at(-1)!.step, patience).toBeGreaterThan(step + 1);
    const rates = (await metrics('first')).map((line) => [line.step, line.learningRate!]);
    const [before, after] = [rates.find(([at]) => at === step)!, rates.find(([at]) => at === step + 1)!];
    expect(after[1] / before[1]).toBeCloseTo(0.5, 1);
    await picture('steer-3-rate');
  });

  it('stops early and keeps the model', async () => {
    await press('Stop');
    await panel().locator('.run-phase', { hasText: 'Stopped' }).waitFor({ timeout: 60_000 });
    expect((await run('first')).state).toBe('stopped');
    expect(await readdir(path.join(folder, '.kindred/runs/first'))).toContain('model.onnx');
  });

  it('compares it with another run that began with its settings', async () => {
    await window.commandAndAnswer('Kindred: Duplicate Settings of Run...', 'first');
    await panel().locator('#setting-from').waitFor();
    expect(await panel().locator('#setting-imageSize').inputValue()).toBe('16');
    await panel().locator('#setting-name').fill('second');
    await panel().locator('#setting-budget').fill('12');
    await panel().locator('#setting-embeddingSize').fill('32');
    await press('Start training');
    await expect
      .poll(
        () =>
          run('second').then(
            ({ state }) => state,
            () => '',
          ),
        patience,
      )
      .toBe('finished');
    // The pictures are the dataset's own, and there are some of each kind.
    await panel().locator('.probes .probe-picture img').nth(7).waitFor();
    await panel().locator('.hardest .probe-picture img').first().scrollIntoViewIfNeeded();
    await picture('steer-4-probes');
    await panel().getByRole('tab', { name: 'Compare runs' }).click();
    await panel().locator('.run-legend li').nth(1).waitFor();
    expect(await panel().locator('.run-legend li').allTextContents()).toEqual(['second', 'first']);
    const differing: Locator = panel().locator('.settings-rows th');
    expect(await differing.allTextContents()).toEqual(['≠ embeddingSize', '≠ budget.steps']);
    await picture('steer-5-compare');
  });

  it('saves settings, and marks in kindred.json what cannot be', async () => {
    await panel().getByRole('tab', { name: 'New training' }).click();
    await panel().locator('.form').waitFor();
    await press('Save as kindred.json');
    await window.tab('kindred.json').waitFor();
    expect(JSON.parse(await readFile(path.join(folder, 'kindred.json'), 'utf8'))).toHaveProperty('training.loss.kind');
    // Another program writes it; VS Code reads an open file again.
    await writeFile(path.join(folder, 'kindred.json'), '{\n  "training": {\n    "imageSize": 7\n  }\n}\n');
    await window.command('Problems: Focus on Problems View');
    await window.page.getByText('"imageSize" is 7; it must be a whole number from 16 to 256.').first().waitFor();
    await picture('steer-6-problems');
  });
});
