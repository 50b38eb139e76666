import * as tf from '@tensorflow/tfjs-core';
import { column, type Comparison, countedRows, row, sameClass } from './comparison';
import { constant } from './constant';
import type { LossInput, LossSizes, MemorySpec } from './loss';

/** No class: a place of the memory that has not been filled, or was filled by a row that does not count. */
const EMPTY = -1;

/** What a cross-batch memory of `size` embeddings keeps; labels are float32, as all of the state is. */
export function memoryOf(size: number, { embeddingSize }: LossSizes): Readonly<Record<string, MemorySpec>> {
  return {
    embeddings: { shape: [size, embeddingSize], dtype: 'float32', initial: 0 },
    labels: { shape: [size], dtype: 'float32', initial: EMPTY },
  };
}

/**
 * The batch compared with the memory (Wang 2020), first in, first out: the batch is put into it first, detached, in the place of the
 * oldest; a sample is not compared with its own place.
 */
export function compareWithMemory({ embeddings, labels, valid, memory }: LossInput): {
  readonly comparison: Comparison;
  readonly memory: { readonly embeddings: tf.Tensor2D; readonly labels: tf.Tensor1D };
} {
  const counted = countedRows({ labels, valid });
  const batch = labels.shape[0];
  const known = constant(() => tf.cast<tf.Tensor1D>(labels, 'float32'));
  const kept = constant(() => {
    const entering = valid ? tf.sub<tf.Tensor1D>(tf.mul(tf.add(known, 1), valid), 1) : known;
    return {
      embeddings: pushed(embeddings, memory['embeddings'] as tf.Tensor2D),
      labels: pushed(entering, memory['labels'] as tf.Tensor1D),
    };
  });
  const size = kept.labels.shape[0];
  const others = tf.sub(1, ownPlaces(batch, size));
  const filled = tf.cast(tf.greaterEqual(row(kept.labels), 0), 'float32');
  const comparable: tf.Tensor2D = tf.mul(tf.mul(others, filled), counted);
  const same = sameClass(known, kept.labels);
  return {
    memory: kept,
    comparison: {
      anchors: embeddings,
      references: kept.embeddings,
      positive: tf.mul(same, comparable),
      negative: tf.mul(tf.sub(1, same), comparable),
      anchorLabels: labels,
      counted,
    },
  };
}

/** The newest first. */
function pushed<T extends tf.Tensor>(newest: T, old: T): T {
  const rest = old.shape[0] - newest.shape[0];
  const begin = old.shape.map(() => 0);
  return tf.concat<T>([newest, tf.slice(old, begin, [rest, ...old.shape.slice(1)])], 0);
}

/** [N, M], 1 where a row of the batch is at its own place. */
function ownPlaces(batch: number, size: number): tf.Tensor2D {
  const index = (length: number): tf.Tensor1D => tf.range(0, length, 1, 'int32');
  return tf.cast(tf.equal(column(index(batch)), row(index(size))), 'float32');
}
