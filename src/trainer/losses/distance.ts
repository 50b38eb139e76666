import * as tf from '@tensorflow/tfjs-core';
import { withoutGradient } from './withoutGradient';

interface Compared {
  /** [N, D], not normalised. */
  readonly anchors: tf.Tensor2D;
  /** [M, D], not normalised. */
  readonly references: tf.Tensor2D;
}

/** Which pairs count, [N, M], 1 or 0. */
interface Counted {
  readonly positive: tf.Tensor2D;
  readonly negative: tf.Tensor2D;
}

/** Squared norms below this are taken as this, so that a zero vector has a finite gradient. */
const NORM_FLOOR = 1e-12;
/** Squared distances up to this are rounding noise of a float32 Gram matrix: the distance is 0, with no gradient. */
const DISTANCE_FLOOR = 1e-7;

/** Rows scaled to length 1; a zero row stays zero. */
export function normaliseRows(x: tf.Tensor2D): tf.Tensor2D {
  const squared = tf.sum(tf.mul(x, x), 1, true);
  return tf.div(x, tf.sqrt(tf.maximum(squared, NORM_FLOOR)));
}

/** Cosine similarities of all pairs, [N, M]. */
export function cosineSimilarities({ anchors, references }: Compared): tf.Tensor2D {
  return tf.matMul(normaliseRows(anchors), normaliseRows(references), false, true);
}

/**
 * Squared Euclidean distances of the normalised rows of all pairs that count, 0 to 4, [N, M]; 0 for those that do not. From the
 * Gram matrix: pairs that do not count (a sample and itself among them) are masked first, and rounding noise is 0.
 */
export function squaredDistances(compared: Compared & Counted): tf.Tensor2D {
  const [anchors, references] = [normaliseRows(compared.anchors), normaliseRows(compared.references)];
  const gram: tf.Tensor2D = tf.matMul(anchors, references, false, true);
  const lengths = tf.add(squaredLengths(anchors), tf.transpose(squaredLengths(references)));
  const apart: tf.Tensor2D = tf.mul(tf.sub(lengths, tf.mul(gram, 2)), tf.add(compared.positive, compared.negative));
  return tf.mul(apart, isReal(apart));
}

/** Euclidean distances (not squared) of the same pairs. The squares are clamped before the root, whose slope at 0 is infinite. */
export function distances(compared: Compared & Counted): tf.Tensor2D {
  const squared = squaredDistances(compared);
  return tf.mul(tf.sqrt(tf.maximum(squared, DISTANCE_FLOOR)), isReal(squared));
}

function squaredLengths(x: tf.Tensor2D): tf.Tensor2D {
  return tf.sum(tf.mul(x, x), 1, true);
}

function isReal(squared: tf.Tensor2D): tf.Tensor2D {
  return withoutGradient(squared, (x) => tf.cast(tf.greater(x, DISTANCE_FLOOR), 'float32'));
}

/** The identity matrix, [size, size], float32. */
export function identity(size: number): tf.Tensor2D {
  const index = tf.range(0, size, 1, 'int32');
  return tf.cast(tf.equal(tf.reshape(index, [size, 1]), tf.reshape(index, [1, size])), 'float32');
}
