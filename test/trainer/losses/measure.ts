/** What a loss of pairs gives on the CPU backend, and what the oracle's slope is. */
import * as tf from '@tensorflow/tfjs-core';
import { withBackend } from '../../../src/trainer/engine/tracer/backends';
import type { LossValue } from '../../../src/trainer/losses/loss';
import { lossOf } from '../../../src/trainer/losses/lossOf';
import { Random } from '../../../src/trainer/random';
import { naiveLoss, type PairLossSettings, type Rows } from './naive';

/** Of classes that a boundary is learned for. */
export const CLASSES = 10;

export interface Measured {
  readonly loss: number;
  readonly activeShare: number;
  readonly gradient: number[][];
  /** Of the boundary of the margin loss. */
  readonly betaGradient: number[] | undefined;
}

/** Boundaries that differ from class to class. */
export function betasOf(settings: PairLossSettings): number[] | undefined {
  if (settings.kind !== 'margin' || settings.boundary === 'fixed') return undefined;
  return settings.boundary === 'learned' ? [1.1] : Array.from({ length: CLASSES }, (_, i) => 0.8 + 0.05 * i);
}

/** The same numbers for every test: by anchor and positive. */
export function uniformOf(anchors: number, references: number): number[][] {
  const random = new Random(99);
  return Array.from({ length: anchors }, () => Array.from({ length: references }, () => Math.fround(random.next())));
}

/** @param betas the boundaries of the margin loss. */
export function measure(
  settings: PairLossSettings,
  rows: Rows,
  labels: readonly number[],
  betas = betasOf(settings),
): Measured {
  return withBackend('cpu', () => {
    const x = tf.tensor2d(rows.map((row) => [...row]));
    const y = tf.tensor1d([...labels], 'int32');
    const loss = lossOf(settings, { classes: CLASSES, embeddingSize: x.shape[1], batchSize: labels.length });
    const noise = 'uniform' in loss.noise ? { uniform: tf.tensor2d(uniformOf(labels.length, labels.length)) } : {};
    const beta = tf.tensor1d(betas ?? [0]);
    const evaluate = (embeddings: tf.Tensor, boundary: tf.Tensor): LossValue =>
      loss.evaluate({
        embeddings: embeddings as tf.Tensor2D,
        labels: y,
        parameters: 'beta' in loss.parameters ? { beta: boundary } : {},
        memory: {},
        noise,
      });
    const inputs = betas === undefined ? [x] : [x, beta];
    const gradients = tf.grads((e: tf.Tensor, b: tf.Tensor = beta) => evaluate(e, b).loss)(inputs);
    const value = evaluate(x, beta);
    return {
      loss: value.loss.arraySync(),
      activeShare: value.activeShare.arraySync(),
      gradient: gradients[0].arraySync() as number[][],
      betaGradient: betas === undefined ? undefined : (gradients[1].arraySync() as number[]),
    };
  });
}

export function expected(
  settings: PairLossSettings,
  rows: Rows,
  labels: readonly number[],
): ReturnType<typeof naiveLoss> {
  return naiveLoss(settings, rows, labels, extraOf(settings, labels));
}

function extraOf(settings: PairLossSettings, labels: readonly number[]): { uniform: number[][]; beta?: number[] } {
  const beta = betasOf(settings);
  return { uniform: uniformOf(labels.length, labels.length), ...(beta ? { beta } : {}) };
}

const STEP = 1e-6;

/** Slopes of the oracle in every number of the batch. */
export function finiteDifferences(settings: PairLossSettings, rows: Rows, labels: readonly number[]): number[][] {
  const extra = { ...extraOf(settings, labels), fixed: rows };
  return rows.map((row, i) =>
    row.map((_, k) => {
      const moved = (by: number): Rows => rows.map((r, j) => (j === i ? r.map((x, l) => (l === k ? x + by : x)) : r));
      const up = naiveLoss(settings, moved(STEP), labels, extra).loss;
      const down = naiveLoss(settings, moved(-STEP), labels, extra).loss;
      return (up - down) / (2 * STEP);
    }),
  );
}

/** Slopes of the oracle in every boundary. */
export function betaDifferences(settings: PairLossSettings, rows: Rows, labels: readonly number[]): number[] {
  const extra = extraOf(settings, labels);
  const { beta = [] } = extra;
  return beta.map((_, i) => {
    const at = (by: number): number => {
      const moved = beta.map((b, j) => (j === i ? b + by : b));
      return naiveLoss(settings, rows, labels, { ...extra, beta: moved }).loss;
    };
    return (at(STEP) - at(-STEP)) / (2 * STEP);
  });
}

export function randomBatch(seed: number, labels: readonly number[], dims: number, spread = 1): number[][] {
  const random = new Random(seed);
  const centres = new Map<number, number[]>();
  return labels.map((label) => {
    let centre = centres.get(label);
    if (!centre) centres.set(label, (centre = Array.from({ length: dims }, () => random.normal())));
    return centre.map((x) => Math.fround(x + spread * random.normal()));
  });
}
