import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { recordVerdicts } from '../../../../src/trainer/curation/decisions';
import { openJournal } from '../../../../src/trainer/curation/journal';
import type { Dataset } from '../../../../src/trainer/dataset/dataset';
import { lossOf } from '../../../../src/trainer/losses/lossOf';
import { Random } from '../../../../src/trainer/random';
import { readMetrics } from '../../../../src/trainer/training/runStore';
import { DEFAULT_LOSSES, settingsProblems } from '../../../../src/trainer/training/settings';
import { type GivenPair, pairsOfFile, pairsOfReview } from '../../../../src/trainer/training/pairs/pairList';
import { pairGraph } from '../../../../src/trainer/training/pairs/pairGraph';
import { PairSampler } from '../../../../src/trainer/training/pairs/pairSampler';
import { suggestTraining } from '../../../../src/trainer/training/suggest';
import { trainRun } from '../../../../src/trainer/training/run';
import { trainingSet } from '../../../../src/trainer/training/trainingSet';
import { quickSettings, quiet, shapeDataset } from '../shapes';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const same = (a: number, b: number): GivenPair => ({ a, b, same: true, source: 'f:1' });
const different = (a: number, b: number): GivenPair => ({ a, b, same: false, source: 'f:2' });
const PATHS = Array.from({ length: 12 }, (_, i) => `${i}.png`);

describe('what pairs say together', () => {
  it('closes "same" over others, never infers "different", and lists contradictions', () => {
    const graph = pairGraph([same(1, 2), same(3, 2), different(1, 5), different(4, 5), different(3, 1)], PATHS);
    expect(graph.groups.map((members) => [...members])).toEqual([[1, 2, 3], [4], [5]].sort());
    expect(graph.different).toEqual([
      [1, 5],
      [4, 5],
    ]);
    expect(graph.problems).toMatchObject([{ path: 'f:2', reason: expect.stringContaining('3.png and 1.png') }]);
  });

  it('is the same whatever the order of the pairs, like the closure by its definition', () => {
    const random = new Random(3);
    for (let round = 0; round < 20; round++) {
      const pairs = Array.from({ length: 9 }, () => same(random.integer(12), random.integer(12)));
      const reach = PATHS.map((_, i) => PATHS.map((__, j) => i === j));
      for (const { a, b } of pairs) reach[a][b] = reach[b][a] = true;
      for (const k of reach.keys())
        for (const i of reach.keys()) for (const j of reach.keys()) reach[i][j] ||= reach[i][k] && reach[k][j];
      const { groupOf } = pairGraph(pairs.reverse(), PATHS);
      for (const [a, x] of groupOf) for (const [b, y] of groupOf) expect(x === y).toBe(reach[a][b]);
    }
  });
});

describe('batches of pairs', () => {
  const graph = pairGraph([same(0, 1), same(1, 2), same(3, 4), different(0, 3), different(5, 6)], PATHS);

  it('make pairs meet, and say of every two rows what is known', () => {
    const sampler = new PairSampler(graph, 8, new Random(1));
    const met = new Set<string>();
    for (let n = 0; n < 12; n++) {
      const { items, relation, labels } = sampler.batch(n);
      expect(items).toHaveLength(8);
      items.forEach((a, i) =>
        items.forEach((b, j) => {
          const isSame = a === b || graph.groupOf.get(a) === graph.groupOf.get(b);
          const isDifferent = graph.different.some(([x, y]) => (x === a && y === b) || (x === b && y === a));
          expect(relation![i * 8 + j]).toBe(isSame ? 1 : isDifferent ? -1 : 0);
          if (relation![i * 8 + j] !== 0 && a < b) met.add(`${a} ${b}`);
        }),
      );
      expect([...labels]).toEqual([...items].map((item) => graph.groupOf.get(item)));
    }
    expect([...met].sort()).toEqual(['0 1', '0 2', '0 3', '1 2', '3 4', '5 6']);
  });

  it('depend on the seed and their number only', () => {
    const [one, other] = [new PairSampler(graph, 6, new Random(5)), new PairSampler(graph, 6, new Random(5))];
    for (const n of [7, 2, 0]) other.batch(n);
    for (const n of [0, 1, 7]) expect(other.batch(n)).toEqual(one.batch(n));
    expect(new PairSampler(graph, 6, new Random(6)).batch(1)).not.toEqual(one.batch(1));
  });
});

describe('a loss of given pairs', () => {
  it('counts what is the same and what is different, and nothing of which nobody said', async () => {
    await tf.setBackend('cpu');
    const random = new Random(2);
    const rows = Array.from({ length: 4 }, () => {
      const x = Array.from({ length: 3 }, () => random.normal());
      const length = Math.hypot(...x);
      return x.map((value) => value / length);
    });
    const relation = [
      [1, 1, -1, 0],
      [1, 1, 0, 0],
      [-1, 0, 1, -1],
      [0, 0, -1, 1],
    ];
    const d = (a: number, b: number): number => Math.hypot(...rows[a].map((x, k) => x - rows[b][k]));
    const mean = (terms: number[]): number => {
      const active = terms.filter((term) => term > 0);
      return active.length === 0 ? 0 : active.reduce((sum, term) => sum + term, 0) / active.length;
    };
    const expected =
      mean([d(0, 1), d(1, 0)]) +
      mean([d(0, 2), d(2, 0), d(2, 3), d(3, 2)].map((distance) => Math.max(0, 1 - distance)));
    const loss = lossOf(DEFAULT_LOSSES.contrastive, { classes: 4, embeddingSize: 3, batchSize: 4 });
    const { loss: value } = loss.evaluate({
      embeddings: tf.tensor2d(rows),
      labels: tf.tensor1d([0, 0, 0, 0], 'int32'),
      relation: tf.tensor2d(relation),
      parameters: {},
      memory: {},
      noise: {},
    });
    expect(value.dataSync()[0]).toBeCloseTo(expected, 5);
  });
});

describe('a training by pairs', () => {
  let dataset: Dataset;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    ({ dataset, remove } = await shapeDataset(4, 6));
  });
  afterAll(() => remove());

  const write = (text: string): Promise<void> => writeFile(path.join(dataset.ref.root, 'pairs.csv'), text);
  const settings = (name: string) =>
    quickSettings(name, {
      supervision: 'pairs',
      pairs: 'pairs.csv',
      loss: DEFAULT_LOSSES.contrastive,
      holdOut: 'item',
      holdOutFraction: 0.1,
    });

  it('reads a file, and lists what it cannot use', async () => {
    await write(
      'Image 1;Image 2;match\nclass 00/0.png;./class 00/1.png;yes\nclass 00/0.png;gone.png;no\nclass 00/0.png;class 01/1.png;-1\n' +
        'class 00/0.png;class 00/0.png;1\nclass 00/0.png;class 02/0.png;perhaps\n',
    );
    const { pairs, problems } = await pairsOfFile(dataset, 'pairs.csv');
    const item = (file: string): number => dataset.items.paths.indexOf(file);
    expect(pairs.map(({ a, b, same: isSame }) => [a, b, isSame])).toEqual([
      [item('class 00/0.png'), item('class 00/1.png'), true],
      [item('class 00/0.png'), item('class 01/1.png'), false],
    ]);
    expect(problems.map(({ path: place, reason }) => [place, reason])).toEqual([
      ['pairs.csv:3', 'names "gone.png", which is no item'],
      ['pairs.csv:5', 'names one item twice'],
      ['pairs.csv:6', 'says "perhaps" in "match"'],
    ]);
    await write('x,y\n1,2\n');
    await expect(pairsOfFile(dataset, 'pairs.csv')).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('learns from them, tells of what it left out, and is the same with the same seed', async () => {
    const rows = ['a,b,same', 'class 00/0.png,nothing.png,same'];
    for (let label = 0; label < 4; label++) {
      for (let i = 0; i < 5; i++) {
        rows.push(`class 0${label}/${i}.png,class 0${label}/${i + 1}.png,same`);
        rows.push(`class 0${label}/${i}.png,class 0${(label + 1) % 4}/${i}.png,different`);
      }
    }
    await write(rows.join('\n'));
    const run = await trainRun(dataset, settings('by-pairs'), quiet());
    expect(run).toMatchObject({ state: 'finished', problems: [{ path: 'pairs.csv:2' }] });
    await trainRun(dataset, settings('again'), quiet());
    const losses = async (name: string) => (await readMetrics(dataset.paths, name)).map(({ loss }) => loss);
    const first = await losses('by-pairs');
    expect(await losses('again')).toEqual(first);
    expect(first.slice(-3).reduce((sum, loss) => sum + loss)).toBeLessThan(
      first.slice(0, 3).reduce((sum, loss) => sum + loss),
    );
    const onFeatures = { ...settings('head'), features: 'descriptor' as const };
    expect((await trainRun(dataset, onFeatures, quiet())).state).toBe('finished');
  });

  it('learns from the review: one group that was decided, and what are no duplicates', async () => {
    const ref = (item: number) => ({ hash: dataset.items.hashes[item], path: dataset.items.paths[item] });
    const journal = openJournal(dataset.paths);
    const keep = (item: number) => ({ kind: 'keep' as const, item: ref(item) });
    const gone = (item: number) => ({ kind: 'remove' as const, item: ref(item) });
    await recordVerdicts(dataset, journal, [keep(0), gone(1), gone(2)]);
    await recordVerdicts(dataset, journal, [{ kind: 'not-duplicate', items: [ref(3), ref(9)] }]);
    // Two groups in one go: who belongs to whom is not said.
    await recordVerdicts(dataset, journal, [keep(12), gone(13), keep(14), gone(15)]);
    expect((await pairsOfReview(dataset)).map(({ a, b, same: isSame }) => [a, b, isSame])).toEqual([
      [3, 9, false],
      [0, 1, true],
      [0, 2, true],
    ]);
    const { pairs: file, ...unnamed } = settings('review');
    expect(file).toBe('pairs.csv');
    expect((await trainRun(dataset, unnamed, quiet())).state).toBe('finished');
    for (let i = 0; i < 3; i++) await journal.undo();
    await expect(trainRun(dataset, { ...unnamed, name: 'nothing' }, quiet())).rejects.toMatchObject({
      code: 'bad-input',
    });
  });

  it('brings its loss, with the reason, when kindred.json names it', async () => {
    const propose = async (training: object) => {
      await writeFile(dataset.paths.config, JSON.stringify({ training }));
      const { settings: suggested, reasons } = await suggestTraining(dataset);
      return { kind: suggested.loss.kind, supervision: suggested.supervision, reasons: reasons.join(' ') };
    };
    expect(await propose({ supervision: 'pairs' })).toMatchObject({
      kind: 'contrastive',
      supervision: 'pairs',
      reasons: expect.stringContaining('nothing is inferred of others') as string,
    });
    expect(await propose({ supervision: 'pairs', loss: { kind: 'triplet' } })).toMatchObject({ kind: 'triplet' });
    expect(await propose({ preset: 'unlabelled' })).toMatchObject({ kind: 'nt-xent', supervision: 'none' });
  });

  it('refuses what does not go with it, and does not look at labels when told so', () => {
    const wrong = { ...settings('x'), loss: DEFAULT_LOSSES.arcface };
    expect(settingsProblems(wrong)).toMatchObject([{ key: 'loss.kind' }]);
    expect(settingsProblems({ ...wrong, supervision: 'none' })).toMatchObject([{ key: 'loss.kind' }]);
    expect(settingsProblems(settings('x'))).toEqual([]);
    const loss = DEFAULT_LOSSES['nt-xent'];
    const set = trainingSet(dataset.items, new Set(), loss, 'none');
    expect(set.by).toBe('image');
    expect(set.classes).toHaveLength(new Set(dataset.items.hashes).size);
    expect(trainingSet(dataset.items, new Set(), loss, 'labels').classes).toHaveLength(4);
  });
});
