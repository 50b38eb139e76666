import * as tf from '@tensorflow/tfjs-core';
import { constant } from './constant';
import type { Loss, LossValue } from './loss';

export interface WeightedLoss {
  readonly weight: number;
  readonly loss: Loss;
}

/**
 * Several losses at once: the sum of each times its weight. What they learn, remember and draw has the place of its loss before its
 * name; `activeShare` is the mean of theirs, and `parts` tells them apart.
 */
export function sumOfLosses(parts: readonly WeightedLoss[]): Loss {
  return {
    parameters: gather(parts, ({ loss }) => loss.parameters),
    memory: gather(parts, ({ loss }) => loss.memory),
    noise: gather(parts, ({ loss }) => loss.noise),
    evaluate: ({ parameters, memory, noise, ...input }) => {
      const values = parts.map(({ loss }, place) =>
        loss.evaluate({
          ...input,
          parameters: own(parameters, place),
          memory: own(memory, place),
          noise: own(noise, place),
        }),
      );
      return together(values, parts);
    },
  };
}

function together(values: readonly LossValue[], parts: readonly WeightedLoss[]): LossValue {
  const weighted = values.map(({ loss }, i) => tf.mul<tf.Scalar>(loss, parts[i].weight));
  return {
    loss: tf.addN(weighted),
    parts: constant(() => tf.concat<tf.Tensor1D>(weighted.map((value) => tf.reshape(value, [1])))),
    activeShare: tf.div(tf.addN(values.map(({ activeShare }) => activeShare)), values.length),
    memory: gather(values, ({ memory }) => memory ?? {}),
  };
}

/** What each has, with its place before the names. */
function gather<Part, T>(parts: readonly Part[], of: (part: Part) => Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    parts.flatMap((part, place) => Object.entries(of(part)).map(([name, value]) => [`${place}/${name}`, value])),
  );
}

/** What belongs to the loss at that place. */
function own<T>(all: Readonly<Record<string, T>>, place: number): Record<string, T> {
  const prefix = `${place}/`;
  return Object.fromEntries(
    Object.entries(all)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}
