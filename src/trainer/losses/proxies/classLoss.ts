import * as tf from '@tensorflow/tfjs-core';
import { sameClass } from '../comparison';
import type { Loss, LossSizes, LossVariable } from '../loss';
import { isPositive, ratio } from '../reduce';

/** What a loss of proxies is given for one batch. */
export interface Classified {
  /** [N, D], not normalised. */
  readonly embeddings: tf.Tensor2D;
  /** [classes x centres, D], not normalised; the centres of a class stand together. */
  readonly proxies: tf.Tensor2D;
  /** [N, classes], 1 where the column is the item's own class. */
  readonly own: tf.Tensor2D;
  /** [N, 1], 1 or 0: items that count. */
  readonly counted: tf.Tensor2D;
}

export interface ProxySettings {
  /** Times the learning rate of the network: proxies start at random and have farther to go. */
  readonly proxyRate: number;
}

/** The learned centres of all classes: `centres` rows a class. Only their direction counts, so weight decay leaves them alone. */
export function proxiesOf({ classes, embeddingSize }: LossSizes, rate: number, centres = 1): LossVariable {
  return { shape: [classes * centres, embeddingSize], initial: { kind: 'normal', deviation: 1 }, decays: false, rate };
}

/** Proxies and embeddings of a batch, and which belong together. */
export function classified(
  { embeddings, labels, parameters, valid }: Parameters<Loss['evaluate']>[0],
  classes: number,
): Classified {
  return {
    embeddings,
    proxies: parameters['proxies'] as tf.Tensor2D,
    own: sameClass(labels, tf.range(0, classes, 1, 'int32')),
    counted: tf.reshape(valid ?? tf.ones([labels.shape[0]]), [labels.shape[0], 1]),
  };
}

/**
 * A loss that is a number for each item, [N, 1], averaged over the items: by the weights of their classes when the sizes have some.
 */
export function classLoss(
  sizes: LossSizes,
  settings: ProxySettings & { readonly centres?: number },
  losses: (batch: Classified) => tf.Tensor2D,
): Loss {
  return {
    parameters: { proxies: proxiesOf(sizes, settings.proxyRate, settings.centres) },
    memory: {},
    noise: {},
    evaluate: (input) => {
      const batch = classified(input, sizes.classes);
      const each = losses(batch);
      const weights = tf.mul(weightsOf(batch, sizes.classWeights), batch.counted);
      return {
        loss: tf.div(tf.sum(tf.mul(each, weights)), tf.maximum(tf.sum(weights), SMALLEST_WEIGHT)),
        activeShare: ratio(tf.sum(tf.mul(isPositive(each), batch.counted)), tf.sum(batch.counted)),
      };
    },
  };
}

/** Of a batch in which nothing counts, whose loss is 0. */
const SMALLEST_WEIGHT = 1e-12;

function weightsOf({ own }: Classified, classWeights: readonly number[] | undefined): tf.Tensor2D {
  if (classWeights === undefined) return tf.ones([own.shape[0], 1]);
  return tf.matMul(own, tf.tensor2d([...classWeights], [classWeights.length, 1]));
}
