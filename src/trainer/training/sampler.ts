import type { Random } from '../random';
import type { Sampling } from '../types/sampling';
import { classesTogether, superClassOrder } from './superClasses';

/** The items of one batch and the class of each, class after class. */
export interface BatchItems {
  readonly items: Int32Array;
  readonly labels: Int32Array;
  /** [N, N], row-major, where given pairs say it instead of labels: 1 for the same, -1 for different, 0 where nobody said. */
  readonly relation?: Float32Array;
}

export interface BatchShape {
  /** Classes in a batch; fewer when there are fewer. */
  readonly classes: number;
  readonly perClass: number;
  /** Of how many super-classes, for `super-class`. */
  readonly superClasses?: number;
}

/** Gives batches by number. A batch depends on the seed and its number only, so a resumed run draws the same ones. */
export interface Sampler {
  readonly batchSize: number;
  batch(number: number): BatchItems;
}

/**
 * The sampler that the settings name.
 * @param classes the items of each class, at least one in each; the label of a class is its place here.
 * @param superClasses of each class, for `super-class`.
 */
export function samplerOf(
  sampling: Sampling | undefined,
  classes: readonly Int32Array[],
  shape: BatchShape,
  random: Random,
  superClasses: Int32Array = new Int32Array(classes.length),
): Sampler {
  if (sampling === 'super-class') {
    const together = classesTogether(shape, superClasses);
    const order = superClassOrder(superClasses, together, shape.superClasses);
    return new ClassSampler(classes, { ...shape, classes: together }, random, order);
  }
  if (sampling === undefined || sampling === 'class') return new ClassSampler(classes, shape, random);
  return new WeightedClassSampler(classes, shape, sampling === 'item' ? 1 : 0.5, random);
}

/** The order in which an epoch goes through so many classes, each once. */
export type EpochOrder = (random: Random, classes: number) => Int32Array;

const shuffled: EpochOrder = (random, classes) => random.shuffle(Int32Array.from({ length: classes }, (_, i) => i));

/**
 * Draws P classes x K items a batch (Hermans 2017). Every epoch goes through all classes in a new order; its last batch is
 * filled up with the epoch's first classes, so that no batch holds a class twice. A class's items come without repetition as
 * far as they go, then again.
 */
export class ClassSampler implements Sampler {
  readonly batchSize: number;
  private readonly classesPerBatch: number;
  private readonly batchesPerEpoch: number;
  private epoch: { readonly number: number; readonly order: Int32Array } | undefined;

  constructor(
    private readonly classes: readonly Int32Array[],
    private readonly shape: BatchShape,
    private readonly random: Random,
    private readonly epochOrder: EpochOrder = shuffled,
  ) {
    this.classesPerBatch = Math.min(shape.classes, classes.length);
    this.batchSize = this.classesPerBatch * shape.perClass;
    this.batchesPerEpoch = Math.ceil(classes.length / this.classesPerBatch);
  }

  batch(number: number): BatchItems {
    const epoch = Math.floor(number / this.batchesPerEpoch);
    const first = (number % this.batchesPerEpoch) * this.classesPerBatch;
    const order = this.orderOf(epoch);
    const chosen = Int32Array.from({ length: this.classesPerBatch }, (_, i) => order[(first + i) % order.length]);
    return drawItems(this.classes, chosen, this.shape.perClass, this.random.fork(`batch ${number}`));
  }

  private orderOf(number: number): Int32Array {
    if (this.epoch?.number !== number) {
      const order = this.epochOrder(this.random.fork(`epoch ${number}`), this.classes.length);
      this.epoch = { number, order };
    }
    return this.epoch.order;
  }
}

/**
 * Draws P times a class with a chance that grows with its number of items to a power, and K of its items each time: 1 draws every item
 * equally often, 0.5 is square-root sampling (Mahajan 2018). A class that is drawn again in a batch brings other items, as far as it has
 * some, so that a large class can fill a batch as it fills the dataset.
 */
export class WeightedClassSampler implements Sampler {
  readonly batchSize: number;
  private readonly classesPerBatch: number;
  /** For each class, the share of all draws that falls on it or on one before. */
  private readonly upTo: Float64Array;

  constructor(
    private readonly classes: readonly Int32Array[],
    private readonly shape: BatchShape,
    power: number,
    private readonly random: Random,
  ) {
    this.classesPerBatch = Math.min(shape.classes, classes.length);
    this.batchSize = this.classesPerBatch * shape.perClass;
    const weights = classes.map(({ length }) => length ** power);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let before = 0;
    this.upTo = Float64Array.from(weights, (weight) => (before += weight) / total);
  }

  batch(number: number): BatchItems {
    const random = this.random.fork(`batch ${number}`);
    const drawn = Int32Array.from({ length: this.classesPerBatch }, () => this.draw(random)).sort();
    return drawItems(this.classes, drawn, this.shape.perClass, random);
  }

  private draw(random: Random): number {
    const at = random.next();
    let [low, high] = [0, this.upTo.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.upTo[middle] > at) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** `perClass` items for each of the chosen classes; one that is chosen more than once stands together, and its items go on. */
function drawItems(classes: readonly Int32Array[], chosen: Int32Array, perClass: number, random: Random): BatchItems {
  const items = new Int32Array(chosen.length * perClass);
  const labels = new Int32Array(items.length);
  let first = 0;
  while (first < chosen.length) {
    let end = first + 1;
    while (end < chosen.length && chosen[end] === chosen[first]) end++;
    items.set(draw(classes[chosen[first]], (end - first) * perClass, random), first * perClass);
    labels.fill(chosen[first], first * perClass, end * perClass);
    first = end;
  }
  return { items, labels };
}

/** `count` of `items`: a partial Fisher-Yates shuffle, started again when all were drawn. */
function draw(items: Int32Array, count: number, random: Random): Int32Array {
  const pool = items.slice();
  return Int32Array.from({ length: count }, (_, drawn) => {
    const from = drawn % pool.length;
    const chosen = from + random.integer(pool.length - from);
    const item = pool[chosen];
    pool[chosen] = pool[from];
    pool[from] = item;
    return item;
  });
}

/** For each class, how much one of its items counts, so that all classes count the same; the mean over the items is 1. */
export function balancedWeights(classes: readonly Int32Array[]): number[] {
  const items = classes.reduce((sum, { length }) => sum + length, 0);
  return classes.map(({ length }) => items / (classes.length * length));
}
