import * as tf from '@tensorflow/tfjs-core';
import { constant } from '../constant';
import { distances } from '../distance';
import { asNegatives, asPositives, type Miner, minedTriplets, miner, products } from './miner';

export type TripletBand = 'all' | 'semi-hard' | 'hard' | 'easy';

/**
 * Triplets by their gap g, how much farther the negative is than the positive (Euclidean; Schroff 2015): `all` that violate the
 * margin, g <= margin; `hard`, also g <= 0; `semi-hard`, also g > 0; `easy`, g > margin.
 */
export function tripletMarginMiner(band: TripletBand, margin: number): Miner {
  return miner((compared) => {
    const d = constant(() => distances(compared));
    const [anchors, references] = d.shape;
    return minedTriplets(references, anchors, (first, count) => {
      const gap = tf.sub<tf.Tensor3D>(asNegatives(d, first, count), asPositives(d, first, count));
      return tf.mul(tf.cast(isIn(band, gap, margin), 'float32'), products(compared, first, count));
    });
  });
}

function isIn(band: TripletBand, gap: tf.Tensor3D, margin: number): tf.Tensor3D {
  const violates = tf.lessEqual<tf.Tensor3D>(gap, margin);
  switch (band) {
    case 'all':
      return violates;
    case 'semi-hard':
      return tf.logicalAnd(violates, tf.greater(gap, 0));
    case 'hard':
      return tf.logicalAnd(violates, tf.lessEqual(gap, 0));
    case 'easy':
      return tf.greater(gap, margin);
  }
}
