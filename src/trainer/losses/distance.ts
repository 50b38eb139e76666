import * as tf from '@tensorflow/tfjs-core';
import { withoutGradient } from './withoutGradient';

/** Squared norms below this are taken as this, so that a zero vector has a finite gradient. */
const NORM_FLOOR = 1e-12;
/** Squared distances up to this are rounding noise of a float32 Gram matrix: the distance is 0, with no gradient. */
const DISTANCE_FLOOR = 1e-7;

/** Rows scaled to length 1; a zero row stays zero. */
export function normaliseRows(x: tf.Tensor2D): tf.Tensor2D {
  const squared = tf.sum(tf.mul(x, x), 1, true);
  return tf.div(x, tf.sqrt(tf.maximum(squared, NORM_FLOOR)));
}

/** Cosine similarities of all pairs, [N, N]. */
export function cosineSimilarities(embeddings: tf.Tensor2D): tf.Tensor2D {
  const unit = normaliseRows(embeddings);
  return tf.matMul(unit, unit, false, true);
}

/**
 * Euclidean distances (not squared) of all pairs of normalised rows, [N, N], from the Gram matrix. The diagonal is masked and
 * the squares are clamped before the root, whose slope at 0 is infinite.
 */
export function distances(embeddings: tf.Tensor2D): tf.Tensor2D {
  const gram = cosineSimilarities(embeddings);
  const size = embeddings.shape[0];
  const diagonal = identity(size);
  const lengths = tf.sum(tf.mul(gram, diagonal), 1, true);
  const squared = tf.sub(tf.add(lengths, tf.transpose(lengths)), tf.mul(gram, 2));
  const apart = tf.mul(squared, tf.sub(1, diagonal));
  const real = withoutGradient(apart, (x) => tf.cast(tf.greater(x, DISTANCE_FLOOR), 'float32'));
  return tf.mul(tf.sqrt(tf.maximum(apart, DISTANCE_FLOOR)), real);
}

/** The identity matrix, [size, size], float32. */
export function identity(size: number): tf.Tensor2D {
  const index = tf.range(0, size, 1, 'int32');
  return tf.cast(tf.equal(tf.reshape(index, [size, 1]), tf.reshape(index, [1, size])), 'float32');
}
