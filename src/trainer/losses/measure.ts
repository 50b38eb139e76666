import * as tf from '@tensorflow/tfjs-core';
import type { Distance } from '../types/pairLosses';
import { constant } from './constant';
import { cosineSimilarities, distances, normaliseRows, squaredDistances } from './distance';

type Compared = Parameters<typeof distances>[0];

/** How far apart, or how alike, all pairs are, [N, M]. What stands where a pair does not count is not used. */
export type Measure = (compared: Compared) => tf.Tensor2D;

/** Distances of this kind: smaller is more alike. Cosine is 1 - cosine, dot the negative dot product. */
export function distanceOf(kind: Distance): Measure {
  switch (kind) {
    case 'euclidean':
      return distances;
    case 'squared-euclidean':
      return squaredDistances;
    case 'cosine':
      return cosineDistances;
    case 'dot':
      return (compared) => tf.neg(dotProducts(compared));
    case 'snr':
      return snrDistances;
  }
}

/** Similarities of this kind: larger is more alike. */
export function similarityOf(kind: Distance): Measure {
  if (kind === 'cosine') return cosineSimilarities;
  if (kind === 'dot') return dotProducts;
  const distance = distanceOf(kind);
  return (compared) => tf.neg(distance(compared));
}

/** Rounding noise of a float32 product: what is at most this is 0, with no gradient. */
const NOISE = 1e-7;
/** Less variance than this is none. */
const VARIANCE_FLOOR = 1e-12;

function cosineDistances(compared: Compared): tf.Tensor2D {
  const apart = tf.sub<tf.Tensor2D>(1, cosineSimilarities(compared));
  return tf.mul(apart, above(apart, NOISE));
}

function dotProducts({ anchors, references }: Compared): tf.Tensor2D {
  return tf.matMul(anchors, references, false, true);
}

/**
 * Signal-to-noise ratio (Yuan 2019): var(a - b) / var(a) over the numbers of the normalised embeddings, from the Gram matrix of the
 * centred ones. An anchor whose numbers are all equal has no signal: its distances are 0.
 */
function snrDistances({ anchors, references }: Compared): tf.Tensor2D {
  const [signal, other] = [centred(anchors), centred(references)];
  const power = squaredLengths(signal);
  const sums = tf.add(power, tf.transpose(squaredLengths(other)));
  const noise: tf.Tensor2D = tf.sub(sums, tf.mul(tf.matMul(signal, other, false, true), 2));
  const ratio = tf.div(tf.mul(noise, above(noise, NOISE)), tf.maximum(power, VARIANCE_FLOOR));
  return tf.mul(ratio, above(power, VARIANCE_FLOOR));
}

function centred(x: tf.Tensor2D): tf.Tensor2D {
  const rows = normaliseRows(x);
  return tf.sub(rows, tf.mean(rows, 1, true));
}

function squaredLengths(x: tf.Tensor2D): tf.Tensor2D {
  return tf.sum(tf.mul(x, x), 1, true);
}

function above(x: tf.Tensor2D, floor: number): tf.Tensor2D {
  return constant(() => tf.cast<tf.Tensor2D>(tf.greater(x, floor), 'float32'));
}
