import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunSummary, TrainingMetrics } from '../../src/trainer/protocol';
import { repository, VSCodeWindow } from './window';

/**
 * Every chart and control of the training panel, in one window: the form with all that it asks, pause, learning rate, stop and going on; the
 * charts of a sum of losses, probes, the warning of a collapse; runs side by side, duplicated and deleted; the report; kindred.json.
 */
const pictures = path.join(repository, 'out/screenshots');
let folder: string;
let window: VSCodeWindow;

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'kindred-steer-')), 'emoji');
  await inGroups(path.join(repository, 'media/sample'), folder);
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

/** The sample with its classes in four folders, which are a column then, and a table of pairs that are all the same. */
async function inGroups(sample: string, to: string): Promise<void> {
  const entries = await readdir(sample, { withFileTypes: true });
  const classes = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  const rows = ['a,b,same'];
  for (const [i, name] of classes.entries()) {
    const at = `group ${i % 4}/${name}`;
    await cp(path.join(sample, name), path.join(to, at), { recursive: true });
    if (i < 100) rows.push(`${at}/noto.png,${at}/twemoji.png,same`);
  }
  await writeFile(path.join(to, 'pairs.csv'), `${rows.join('\n')}\n`);
}

const picture = (name: string): Promise<unknown> =>
  window.page.screenshot({ path: path.join(pictures, `${name}.png`) });
const panel = (): FrameLocator => window.panel();
const press = (label: string): Promise<void> =>
  panel().locator('vscode-button:visible', { hasText: label }).first().click();
/** Closes the tab in front, behind which the panel is. */
async function close(name: RegExp): Promise<void> {
  await window.tab(name).locator('.tab-actions .action-label').click();
  await window.tab(name).waitFor({ state: 'hidden' });
}
const patience = { timeout: 60_000, interval: 200 };

async function run(name: string): Promise<RunSummary> {
  return JSON.parse(await readFile(path.join(folder, '.kindred/runs', name, 'run.json'), 'utf8')) as RunSummary;
}

/** Nothing while there is no such run. */
const stateOf = (name: string): Promise<string> =>
  run(name).then(
    ({ state }) => state,
    () => '',
  );

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
    await window.command('Kindred: Pause Training');
    await panel().locator('.run-phase', { hasText: 'Paused' }).waitFor();
    await press('Continue');
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
    await press('Learning rate × 0.5');
    await panel().locator('#rate-factor').fill('0');
    await press('Set');
    await panel().getByText('Give a number from 0.001 to 100.').waitFor();
    await panel().locator('#rate-factor').fill('0.8');
    await press('Set');
    await panel().locator('vscode-button', { hasText: 'Learning rate × 0.8' }).waitFor();
    await picture('steer-3-rate');
  });

  it('stops early and keeps the model, and goes on later', async () => {
    await press('Stop');
    await panel().locator('.run-phase', { hasText: 'Stopped' }).waitFor({ timeout: 60_000 });
    const { state, step } = await run('first');
    expect(state).toBe('stopped');
    expect(await readdir(path.join(folder, '.kindred/runs/first'))).toContain('model.onnx');
    await press('Go on training');
    await expect.poll(async () => (await metrics('first')).at(-1)!.step, patience).toBeGreaterThan(step);
    await panel().locator('.run-phase', { hasText: 'Running' }).waitFor();
    await press('Stop');
    await panel().locator('.run-phase', { hasText: 'Stopped' }).waitFor({ timeout: 60_000 });
  });

  it('begins another with its settings: a sum of losses, columns as labels, super-classes, another head', async () => {
    await window.commandAndAnswer('Kindred: Duplicate Settings of Run...', 'first');
    await panel().locator('#setting-from').waitFor();
    expect(await panel().locator('#setting-imageSize').inputValue()).toBe('16');
    await panel().locator('#setting-name').fill('second');
    await panel().locator('#setting-budget').fill('12');
    await panel().locator('#setting-embeddingSize').fill('32');
    await panel().locator('#setting-supervision').selectOption({ label: 'Labels' });
    await panel().locator('#setting-loss-kind').selectOption({ label: 'Several losses at once' });
    await panel().getByLabel('Loss of part 2').selectOption({ label: 'Contrastive (siamese)' });
    await panel().getByLabel('Weight of part 2').fill('0.5');
    await panel().locator('#setting-model-head').selectOption({ label: 'MLP' });
    await panel().locator('summary', { hasText: 'More settings' }).click();
    const columns = panel().getByRole('group', { name: 'Columns that are the label' });
    for (const name of ['label', 'folder 1']) await columns.getByLabel(name).check();
    await panel().locator('#setting-sampling').selectOption({ label: 'Super class' });
    await panel().locator('#setting-superClass-problem').waitFor();
    await panel().locator('#setting-superClass').fill('folder 1');
    await panel().locator('#setting-superClass-problem').waitFor({ state: 'hidden' });
    await panel().locator('summary', { hasText: 'Augmentation' }).click();
    await panel().locator('#setting-augmentation-crop').fill('0.7');
    await panel().locator('#setting-augmentation-flip').uncheck();
    await picture('steer-4-columns');
    await press('Start training');
    await expect.poll(() => stateOf('second'), patience).toBe('finished');
    expect((await run('second')).settings).toMatchObject({
      ...{
        supervision: 'labels',
        labelColumns: ['label', 'folder 1'],
        sampling: 'super-class',
        superClass: 'folder 1',
      },
      augmentation: { crop: 0.7, flip: false },
      model: { kind: 'convnet', head: 'mlp' },
      loss: { kind: 'sum', parts: [{ loss: { kind: 'nt-xent' } }, { weight: 0.5, loss: { kind: 'contrastive' } }] },
    });
  });

  it('draws every chart of it under one crosshair, and says the same in a table', async () => {
    await panel().locator('.run-phase', { hasText: 'Finished' }).waitFor();
    const names = ['Recall@1 on held-out items', 'Loss', 'Parts of the loss', 'Active share', 'Embedding spread'];
    const charts = [...names, 'Learning rate', 'Items a second'].map((name) =>
      panel().getByRole('region', { name, exact: true }),
    );
    for (const chart of charts) await chart.getByRole('img', { name: /to .* at step 12/ }).waitFor();
    const legend = panel().getByRole('list', { name: 'Parts of the loss' }).locator('li');
    expect(await legend.allTextContents()).toEqual(['NT-Xent', '0.5 × Contrastive (siamese)']);
    await charts[1].locator('.chart-canvas').scrollIntoViewIfNeeded();
    await charts[1].locator('.chart-canvas').hover({ position: { x: 60, y: 40 } });
    const read = async (): Promise<Set<string | undefined>> =>
      new Set(
        await Promise.all(
          [charts[1], charts[2], charts[5]].map(async (chart) => {
            const text = await chart.locator('.chart-readout').textContent();
            return /^step \d+/.exec(text ?? '')?.[0];
          }),
        ),
      );
    await expect.poll(async () => (await read()).size).toBe(1);
    expect([...(await read())]).not.toContain('step 12');
    await picture('steer-5-charts');
    await panel().locator('summary', { hasText: 'Show as a table' }).click();
    await expect.poll(() => panel().locator('.metrics tbody tr').count()).toBe(12);
    await panel().locator('summary', { hasText: 'Show as a table' }).click();
  });

  it('shows probe items at each measure, and the hardest pairs', async () => {
    // The pictures are the dataset's own, and there are some of each kind.
    await panel().locator('.probes .probe-picture img').nth(7).waitFor();
    await panel().locator('.hardest .probe-picture img').first().scrollIntoViewIfNeeded();
    await picture('steer-6-probes');
    await panel().locator('#probe-measure').press('Home');
    await panel().locator('output', { hasText: ', 1 of ' }).waitFor();
    await panel().locator('.probes .probe-picture img').nth(7).waitFor();
    await panel().locator('.probes .probe-picture').first().click();
    await close(/(noto|twemoji)\.png/);
  });

  it('warns of embeddings that fall together: of pairs that are all the same', async () => {
    await panel().getByRole('tab', { name: 'Compare runs' }).click();
    await panel().getByRole('button', { name: 'New training with the settings of first' }).click();
    await panel().locator('#setting-name').fill('pairs');
    await panel().locator('#setting-supervision').selectOption({ label: 'Pairs that are given' });
    await panel().locator('#setting-pairs').fill('pairs.csv');
    await panel().locator('#setting-loss-kind').selectOption({ label: 'Contrastive (siamese)' });
    await panel().locator('#setting-budget').fill('12');
    await panel().locator('summary', { hasText: 'More settings' }).click();
    await panel().locator('#setting-learningRate').fill('0.01');
    await picture('steer-7-pairs');
    await press('Start training');
    await expect.poll(() => stateOf('pairs'), patience).toBe('finished');
    await panel().locator('.collapse-warning', { hasText: 'train with more pairs that are different' }).waitFor();
    expect((await run('pairs')).settings).toMatchObject({ supervision: 'pairs', pairs: 'pairs.csv' });
    await picture('steer-8-collapse');
  });

  it('compares runs in overlaid charts, opens one, and deletes one', async () => {
    await panel().getByRole('tab', { name: 'Compare runs' }).click();
    const legend = panel().locator('.run-legend li');
    await expect.poll(() => legend.allTextContents()).toEqual(['pairs', 'second']);
    await panel().getByRole('button', { name: 'Delete pairs' }).click();
    await window.page.locator('.monaco-dialog-box').waitFor();
    await window.answer('Delete Run');
    await expect.poll(() => readdir(path.join(folder, '.kindred/runs')), patience).toEqual(['first', 'second']);
    await panel().getByLabel('Compare first').check();
    await expect.poll(() => legend.allTextContents()).toEqual(['second', 'first']);
    const lines = panel().getByRole('region', { name: 'Loss, running mean' }).locator('.chart-line');
    expect(await lines.count()).toBe(2);
    await panel()
      .getByRole('img', { name: /Loss, running mean: second from .*; first from / })
      .waitFor();
    const differing: Locator = panel().locator('.settings-rows th');
    const names = await differing.allTextContents();
    expect(names).toEqual(expect.arrayContaining(['≠ embeddingSize', '≠ budget.steps', '≠ superClass']));
    expect(names).not.toContain('imageSize');
    await panel().getByLabel('Only settings that differ').uncheck();
    await expect.poll(() => differing.allTextContents()).toContain('imageSize');
    await picture('steer-9-compare');
    await panel().getByRole('button', { name: 'Open first' }).click();
    await panel().locator('.run-name', { hasText: 'first' }).waitFor();
  });

  it('trains a head on an embedding that is there, and tells whether it was worth it', async () => {
    await window.commandAndAnswer('Kindred: Duplicate Settings of Run...', 'first');
    await panel().locator('#setting-name').fill('head');
    await panel().locator('#setting-features').fill('descriptor');
    await panel().locator('#setting-model-kind').selectOption('linear');
    await panel().locator('#setting-budget').fill('20');
    await press('Start training');
    await expect.poll(() => stateOf('head'), patience).toBe('finished');
    await panel().locator('.figures', { hasText: 'the frozen features' }).waitFor();
    await picture('steer-10-head');
  });

  it('leads from a run to its map and to the review of its duplicates', async () => {
    await press('Explore embeddings');
    await panel().locator('.explore').waitFor();
    await close(/^Map: /);
    await press('Review duplicates');
    await panel().locator('.review').waitFor({ timeout: 60_000 });
    await close(/^Duplicates: /);
  });

  it('evaluates a run in a report', async () => {
    await window.commandAndAnswer('Kindred: Evaluate Model', 'second');
    await window.tab(/^Evaluation of/).waitFor({ timeout: 60_000 });
    await panel().getByRole('heading', { name: 'Same or not: verification' }).waitFor();
    await picture('steer-11-report');
    await close(/^Evaluation of/);
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
    await picture('steer-12-problems');
  });
});
