import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { withBackend } from '../../../src/trainer/engine/tracer/backends';
import type { Loss } from '../../../src/trainer/losses/loss';
import { lossOf } from '../../../src/trainer/losses/lossOf';
import { DEFAULT_PAIR_LOSSES, PAIR_LOSS_RULES } from '../../../src/trainer/losses/pairLossChoices';
import type { PairLossSettings } from '../../../src/trainer/types/pairLosses';
import { betasOf, CLASSES, randomBatch, uniformOf } from './measure';
import { naiveLoss } from './naive';
import type { NaiveComparison } from './naive/comparison';

const SIZE = 10;
const BATCHES = [
  [0, 0, 1, 1],
  [2, 2, 0, 0],
  [1, 1, 3, 3],
  [3, 3, 2, 2],
];
const DIMS = 5;

const REMEMBERING = Object.values(DEFAULT_PAIR_LOSSES)
  .filter(({ kind }) => 'memory' in PAIR_LOSS_RULES[kind])
  .flatMap((loss): [string, PairLossSettings][] =>
    [undefined, 'semi-hard', 'distance-weighted'].map((miner) => [
      `${loss.kind}${miner === undefined ? '' : `, ${miner}`}`,
      { ...loss, memory: { size: SIZE }, ...(miner === undefined ? {} : { miner }) } as PairLossSettings,
    ]),
  );

interface Step {
  readonly loss: number;
  readonly gradient: number[][];
  readonly memory: Record<string, tf.Tensor>;
}

function step(loss: Loss, settings: PairLossSettings, batch: number, memory: Record<string, tf.Tensor>): Step {
  const labels = tf.tensor1d(BATCHES[batch], 'int32');
  const noise = 'uniform' in loss.noise ? { uniform: tf.tensor2d(uniformOf(4, SIZE)) } : {};
  const parameters = 'beta' in loss.parameters ? { beta: tf.tensor1d(betasOf(settings) ?? []) } : {};
  const x = tf.tensor2d(randomBatch(batch, BATCHES[batch], DIMS));
  const evaluate = (embeddings: tf.Tensor): ReturnType<Loss['evaluate']> =>
    loss.evaluate({ embeddings: embeddings as tf.Tensor2D, labels, parameters, memory, noise });
  const gradient = tf.grad((e) => evaluate(e).loss)(x);
  const value = evaluate(x);
  return {
    loss: value.loss.arraySync(),
    gradient: gradient.arraySync() as number[][],
    memory: { ...value.memory },
  };
}

/** The batch with the last ones before it, newest first, as many as there is place for. */
function remembered(batch: number): NaiveComparison {
  const own = randomBatch(batch, BATCHES[batch], DIMS);
  const kept = Array.from({ length: batch + 1 }, (_, age) => batch - age).flatMap((place) =>
    randomBatch(place, BATCHES[place], DIMS).map((row, i) => ({ row, label: BATCHES[place][i] })),
  );
  return {
    anchors: own,
    references: kept.slice(0, SIZE).map(({ row }) => row),
    anchorLabels: BATCHES[batch],
    referenceLabels: kept.slice(0, SIZE).map(({ label }) => label),
    isSelf: (anchor, reference) => anchor === reference,
  };
}

it.each(REMEMBERING)(
  '%s compares a batch with itself and those before, and with nothing of long ago',
  (_, settings) => {
    withBackend('cpu', () => {
      const loss = lossOf(settings, { classes: CLASSES, embeddingSize: DIMS, batchSize: 4 });
      let memory = Object.fromEntries(
        Object.entries(loss.memory).map(([name, { shape, initial }]) => [name, tf.fill([...shape], initial)]),
      ) as Record<string, tf.Tensor>;
      BATCHES.forEach((labels, batch) => {
        const found = step(loss, settings, batch, memory);
        memory = found.memory;
        const compared = remembered(batch);
        const beta = betasOf(settings);
        const want = (rows: readonly (readonly number[])[]): number =>
          naiveLoss(settings, rows, labels, {
            compared: { ...compared, anchors: rows },
            uniform: uniformOf(4, SIZE),
            ...(beta ? { beta } : {}),
          }).loss;
        expect(Math.abs(found.loss - want(compared.anchors))).toBeLessThan(2e-5 * Math.max(1, found.loss));
        expect(memory['labels'].arraySync()).toEqual([
          ...compared.referenceLabels,
          ...new Array<number>(SIZE - compared.referenceLabels.length).fill(-1),
        ]);
        if (settings.kind !== 'circle') expectSlope(found.gradient, compared.anchors, want);
      });
    });
  },
);

/** What is remembered has no gradient: only the anchors move. */
function expectSlope(
  gradient: number[][],
  rows: NaiveComparison['anchors'],
  value: (rows: number[][]) => number,
): void {
  const at = (by: number): number => value(rows.map((row, i) => row.map((x, k) => (i === 1 && k === 2 ? x + by : x))));
  const slope = (at(1e-6) - at(-1e-6)) / 2e-6;
  expect(Math.abs(gradient[1][2] - slope)).toBeLessThan(2e-4 * Math.max(1, Math.abs(slope)));
}

it('rows that only fill a batch up are not remembered', () => {
  withBackend('cpu', () => {
    const loss = lossOf({ ...DEFAULT_PAIR_LOSSES.contrastive, memory: { size: 6 } }, { classes: 3, embeddingSize: 2, batchSize: 4 }); // prettier-ignore
    const { memory } = loss.evaluate({
      embeddings: tf.tensor2d([[1, 0], [0, 1], [1, 1], [5, 5]]), // prettier-ignore
      labels: tf.tensor1d([0, 1, 2, 1], 'int32'),
      valid: tf.tensor1d([1, 1, 0, 0]),
      parameters: {},
      memory: { embeddings: tf.zeros([6, 2]), labels: tf.fill([6], -1) },
      noise: {},
    });
    expect(memory?.['labels'].arraySync()).toEqual([0, 1, -1, -1, -1, -1]);
  });
});
