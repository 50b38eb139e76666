import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Dataset } from '../../../src/trainer/dataset/dataset';
import { computeEmbedding } from '../../../src/trainer/embedding/compute';
import { excerpts } from '../../../src/trainer/dataset/excerpts';
import { evaluate } from '../../../src/trainer/evaluation/evaluate';
import { writeReport } from '../../../src/trainer/evaluation/report/writeReport';
import { Random } from '../../../src/trainer/random';
import { textEncoderOf } from '../../../src/trainer/text/textEncoder';
import { viewOf } from '../../../src/trainer/text/textView';
import { readCheckpoint } from '../../../src/trainer/training/checkpoint';
import { exportRun } from '../../../src/trainer/training/exportRun';
import { resumeRun, trainRun } from '../../../src/trainer/training/run';
import { runPaths } from '../../../src/trainer/training/runStore';
import { shapeOf, suggestFor } from '../../../src/trainer/training/suggest';
import { textSnippet } from '../../../src/trainer/training/textSnippet';
import type { ModelSettings } from '../../../src/trainer/types/training';
import { context } from '../dataset/images';
import { cancelledWhen, quickSettings, quiet } from '../training/shapes';
import { textDataset } from './textFiles';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

const BAG = { kind: 'ngram-bag', buckets: 2048, width: 32 } as const;
const BYTES = { kind: 'text-convnet', length: 128, width: 32 } as const;
const VIEWS = { crop: 0.7, flip: false, colour: 0, grey: 0, dropWords: 0.1 };

let root: string;
let dataset: Dataset;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kindred-texts-'));
  dataset = await textDataset(root, 24);
});
afterAll(() => rm(root, { recursive: true, force: true }));

const settingsFor = (name: string, model: ModelSettings, steps: number): ReturnType<typeof quickSettings> =>
  quickSettings(name, {
    model,
    augmentation: VIEWS,
    holdOut: 'item',
    batch: { classes: 4, perClass: 4 },
    learningRate: 3e-3,
    budget: { steps },
  });

it('are shown by their beginnings in the report of an evaluation', async () => {
  const report = await evaluate(dataset, 'descriptor', context());
  const confused = [{ item: 0, nearest: 30, similarity: 0.5 }] as const;
  const confusion = { label: 'bread', takenFor: 'ships', count: 1, share: 0.1, examples: confused };
  const { html } = await writeReport(
    dataset,
    { ...report, confusions: [confusion] },
    join(root, '.kindred/report.html'),
  );
  const [first] = await excerpts(dataset, [0], 168);
  expect(html).toContain(`<blockquote>${first?.slice(0, 60)}`);
  expect(html).not.toContain('<img');
});

describe.each<ModelSettings>([BAG, BYTES])('a training of the model $kind', (model) => {
  it('learns, is measured beside the descriptors, and embeds texts with its file', async () => {
    const run = await trainRun(dataset, settingsFor(model.kind, model, 60), quiet());
    expect(run).toMatchObject({ state: 'finished', step: 60, problems: [] });
    expect(run.baselineRecallAt1).toBeGreaterThan(0.5);
    expect(run.best?.recallAt1).toBeGreaterThan(0.8);
    const embedding = await computeEmbedding(dataset, `run:${model.kind}`, context());
    expect(embedding.rows).toBe(96);
    expect(Math.hypot(...embedding.row(5))).toBeCloseTo(1, 4);
    const report = await evaluate(dataset, `run:${model.kind}`, context());
    expect(report.rows.map(({ model: each }) => each)).toEqual(['descriptor', `run:${model.kind}`]);
    expect(run.modality).toBe('text');
  });

  it('stopped and resumed, comes bit for bit to where it would have come', async () => {
    const [straight, halves] = [`${model.kind}-a`, `${model.kind}-b`];
    await trainRun(dataset, settingsFor(straight, model, 12), quiet());
    const stopping = cancelledWhen(({ stage, done }) => stage === 'Training' && done >= 5);
    await expect(trainRun(dataset, settingsFor(halves, model, 12), stopping)).rejects.toMatchObject({
      code: 'cancelled',
    });
    await resumeRun(dataset, halves, quiet());
    const stateOf = async (name: string): Promise<unknown> =>
      (await readCheckpoint(runPaths(dataset.paths, name).lastCheckpoint))?.state;
    expect(await stateOf(halves)).toEqual(await stateOf(straight));
  });
});

describe('texts', () => {
  it('are not trained on with a network for images', async () => {
    const wrong = settingsFor('wrong', { kind: 'convnet' }, 5);
    await expect(trainRun(dataset, wrong, quiet())).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  it('get a network of their own when nothing is said', () => {
    const { settings, reasons } = suggestFor(shapeOf(dataset));
    expect(settings.model?.kind).toBe('ngram-bag');
    expect(settings.augmentation.dropWords).toBeGreaterThan(0);
    expect(reasons.join(' ')).not.toMatch(/image|pixel/);
  });

  it('train a head on their descriptors', async () => {
    const { settings } = suggestFor(shapeOf(dataset), 'descriptor');
    const run = await trainRun(dataset, { ...settings, name: 'head', holdOut: 'item' }, quiet());
    expect(run).toMatchObject({ state: 'finished' });
    const embedding = await computeEmbedding(dataset, 'run:head', context());
    expect(embedding.dims).toBe(settings.embeddingSize);
  });
});

describe('views of a text', () => {
  it('are a passage without some words, ascending, never empty', () => {
    const random = new Random(2);
    for (let words = 1; words < 60; words++) {
      const kept = viewOf(words, { crop: 0.5, dropWords: 0.3 }, random);
      expect(kept.length).toBeGreaterThan(0);
      expect([...kept]).toEqual([...new Set(kept)].sort((a, b) => a - b));
      expect(kept.at(-1)! - kept[0]).toBeLessThan(words);
    }
    expect([...viewOf(5, { crop: 1, dropWords: 0 }, random)]).toEqual([0, 1, 2, 3, 4]);
    expect(viewOf(0, { crop: 0.5, dropWords: 0.3 }, random)).toHaveLength(0);
  });
});

describe('encoders of texts', () => {
  const encoded = (model: ModelSettings, text: string, kept?: number[]): number[] => {
    const encoder = textEncoderOf(model);
    const values = new Float32Array(encoder.length);
    encoder.encode(text).write(values, 0, kept);
    return [...values];
  };

  it('weigh n-grams to a sum of 1, whatever the order of far words', () => {
    const bag = encoded(BAG, 'to be or not to be');
    expect(bag.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    expect(encoded(BAG, 'TO  be or not to\nbe')).toEqual(bag);
    expect(encoded(BAG, 'a b', [1])).not.toEqual(encoded(BAG, 'a b', [0]));
    expect(encoded(BAG, '').every((value) => value === 0)).toBe(true);
  });

  it('give bytes from 1, cut and filled up', () => {
    const bytes = encoded({ ...BYTES, length: 16 }, 'aé b');
    expect(bytes).toEqual([98, 0xc3 + 1, 0xa9 + 1, 33, 99, ...Array<number>(11).fill(0)]);
    expect(encoded({ ...BYTES, length: 16 }, 'x'.repeat(99))).toEqual(Array(16).fill(121));
    expect(encoded({ ...BYTES, length: 16 }, 'one two', [1]).slice(0, 4)).toEqual(
      [...Buffer.from('two')].map((b) => b + 1).concat(0),
    );
  });

  it.each<ModelSettings & { kind: 'ngram-bag' | 'text-convnet' }>([BAG, BYTES])(
    'are the same in the Python program of $kind',
    async (model) => {
      const text = 'Grüße, „Welt“ 日本 naïve_x 12½\n\tﬁn! 😀 to be to be';
      const program = join(root, `${model.kind}.py`);
      const print = 'import json\nprint(json.dumps(encode(sys.argv[1])))';
      await writeFile(program, `${textSnippet(model).split('if __name__')[0]}${print}`);
      const { stdout } = await promisify(execFile)('python3', [program, text]);
      const found = JSON.parse(stdout) as number[];
      encoded(model, text).forEach((value, i) => expect(found[i]).toBeCloseTo(value, 6));
    },
  );

  it('are written beside an exported model', async () => {
    const { snippet } = await exportRun(dataset, 'ngram-bag', join(root, 'out.onnx'));
    expect(await readFile(snippet, 'utf8')).toContain('"bags"');
  });
});
