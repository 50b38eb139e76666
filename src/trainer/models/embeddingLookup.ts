import * as tf from '@tensorflow/tfjs-core';

/**
 * Rows of a table for token numbers: `table` [V, W], `tokens` [N, T] int32 below V, to [N * T, W]. Its gradient adds up the rows of
 * each token, in the same order every time.
 */
export function embeddingLookup(table: tf.Tensor2D, tokens: tf.Tensor2D): tf.Tensor2D {
  return tf.gather(table, tf.reshape<tf.Rank.R1>(tokens, [tokens.size]));
}
