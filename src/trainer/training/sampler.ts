import type { Random } from '../random';

/** The items of one batch and the class of each, class after class. */
export interface BatchItems {
  readonly items: Int32Array;
  readonly labels: Int32Array;
}

export interface BatchShape {
  /** Classes in a batch; fewer when there are fewer. */
  readonly classes: number;
  readonly perClass: number;
}

/**
 * Draws P classes x K items a batch (Hermans 2017). Every epoch goes through all classes in a new order; its last batch is
 * filled up with the epoch's first classes, so that no batch holds a class twice. A class's items come without repetition as
 * far as they go, then again. A batch depends on the seed and its number only, so a resumed run draws the same ones.
 */
export class ClassSampler {
  readonly batchSize: number;
  private readonly classesPerBatch: number;
  private readonly batchesPerEpoch: number;
  private epoch: { readonly number: number; readonly order: Int32Array } | undefined;

  /** @param classes the items of each class, at least one in each; the label of a class is its place here. */
  constructor(
    private readonly classes: readonly Int32Array[],
    private readonly shape: BatchShape,
    private readonly random: Random,
  ) {
    this.classesPerBatch = Math.min(shape.classes, classes.length);
    this.batchSize = this.classesPerBatch * shape.perClass;
    this.batchesPerEpoch = Math.ceil(classes.length / this.classesPerBatch);
  }

  batch(number: number): BatchItems {
    const epoch = Math.floor(number / this.batchesPerEpoch);
    const first = (number % this.batchesPerEpoch) * this.classesPerBatch;
    const order = this.orderOf(epoch);
    const random = this.random.fork(`batch ${number}`);
    const items = new Int32Array(this.batchSize);
    const labels = new Int32Array(this.batchSize);
    const { perClass } = this.shape;
    for (let i = 0; i < this.classesPerBatch; i++) {
      const label = order[(first + i) % order.length];
      items.set(draw(this.classes[label], perClass, random), i * perClass);
      labels.fill(label, i * perClass, (i + 1) * perClass);
    }
    return { items, labels };
  }

  private orderOf(number: number): Int32Array {
    if (this.epoch?.number !== number) {
      const order = Int32Array.from(this.classes.keys());
      this.epoch = { number, order: this.random.fork(`epoch ${number}`).shuffle(order) };
    }
    return this.epoch.order;
  }
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
