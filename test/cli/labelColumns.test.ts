import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EvaluationReport, RunSummary } from '../../src/trainer/protocol';
import { shapeDataset } from '../trainer/training/shapes';
import { buildCli, json, kindred } from './kindred';

let root: string;
let remove: () => Promise<void>;

/** Classes 0, 4 are circles, 1, 5 squares and so on: the manifest names the class, its form, and its half. */
beforeAll(async () => {
  const shapes = await shapeDataset(8, 6);
  ({ remove } = shapes);
  ({ root } = shapes.dataset.ref);
  const lines = shapes.dataset.items.paths.map((path) => {
    const place = Number(path.slice('class '.length, 'class '.length + 2));
    return `${path},${place},form ${place % 4},half ${place >> 2}`;
  });
  await writeFile(join(root, 'items.csv'), ['path,label,form,half', ...lines].join('\n'));
  await buildCli();
  const opened = await kindred('open', root, '--manifest', 'items.csv');
  expect(opened.code).toBe(0);
  expect(opened.stdout).toContain(
    'Columns that look like labels: label (8 classes), form (4 classes), half (2 classes).',
  );
}, 120_000);
afterAll(() => remove());

it('trains and evaluates by columns of the manifest', async () => {
  const options = ['--label-column', 'form', '--label-column', 'half', '--name', 'by-form', '--held-out', 'item'];
  const { code, document } = await json('train', root, '--features', 'descriptor', '--method', 'lda', ...options);
  expect(code).toBe(0);
  expect((document['run'] as RunSummary).settings.labelColumns).toEqual(['form', 'half']);
  const { stdout } = await kindred('evaluate', root, '--model', 'by-form');
  expect(stdout).toMatch(/of 8 classes by form and half,/);
  const evaluation = (await json('evaluate', root, '--model', 'by-form')).document as unknown as EvaluationReport;
  expect(evaluation.labelColumns).toEqual(['form', 'half']);
  expect(evaluation.classes.map(({ label }) => label)).toContain('form 3 / half 1');
}, 120_000);

it('draws batches by super-class, and says which columns there are', async () => {
  const network = ['--image-size', '16', '--classes', '4', '--per-class', '2', '--steps', '3'];
  const { code, document } = await json(
    ...['train', root, ...network, '--super-class', 'form', '--super-classes', '1', '--name', 'near'],
  );
  expect(code).toBe(0);
  const { settings } = document['run'] as RunSummary;
  expect(settings).toMatchObject({ sampling: 'super-class', superClass: 'form', batch: { superClasses: 1 } });
  const wrong = await kindred('train', root, '--label-column', 'colour');
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toMatch(/items\.csv has no column "colour" to go by; it has "label", "form", "half"\./);
}, 120_000);

it('trains a layer on features by a loss that is named', async () => {
  const options = ['--features', 'descriptor', '--steps', '5', '--held-out', 'item'];
  const { document } = await json('train', root, ...options, '--loss', 'cosface', '--name', 'named');
  const run = document['run'] as RunSummary;
  expect(run.settings.model).toEqual({ kind: 'linear', method: 'gradient' });
  expect(run.steps).toBe(5);
  const method = ['--features', 'descriptor', '--held-out', 'item', '--method', 'lda'];
  expect((await kindred('train', root, ...method)).stdout).toContain('computed in one piece, without a loss');
  const both = await kindred('train', root, ...method, '--loss', 'cosface');
  expect(both.code).toBe(2);
  expect(both.stderr).toContain('The method lda computes the layer without a loss: --loss would do nothing.');
  expect((await kindred('train', root, ...method, '--positive-margin', '1')).stderr).toContain('--positive-margin');
}, 120_000);

it('opens a table by the columns that are named, and finds the others by their names', async () => {
  const found = await json('open', root, '--manifest', 'items.csv', '--label-column', 'form');
  expect(found.document).toMatchObject({
    summary: { source: { columns: { path: 'path', label: 'form' } }, labels: { length: 4 } },
  });
  const none = await kindred('open', root, '--label-column', 'form');
  expect(none.code).toBe(2);
  expect(none.stderr).toContain('Name the table with --manifest.');
}, 120_000);
