/**
 * Batches of classes that are alike (hierarchical sampling, Cakir 2019): all negatives of an image are then near ones, such as other
 * birds for a bird, which a batch of any classes hardly has.
 */
import type { Random } from '../random';
import type { EpochOrder } from './sampler';

/** Super-classes in a batch when nothing is said: near negatives, and some far ones, so that super-classes stay apart too. */
const USUAL = 2;

/**
 * The super-class of each class: that of most of its items, the first of those that are equally frequent; -1 when none has one.
 * @param codes of each item of the dataset, below 0 where it has none
 */
export function superClassesOf(classes: readonly Int32Array[], codes: Int32Array): Int32Array {
  return Int32Array.from(classes, (items) => {
    const counts = new Map<number, number>();
    for (const item of items) if (codes[item] >= 0) counts.set(codes[item], (counts.get(codes[item]) ?? 0) + 1);
    let most = -1;
    for (const [code, count] of counts) {
      const best = counts.get(most) ?? 0;
      if (count > best || (count === best && code < most)) most = code;
    }
    return most;
  });
}

/**
 * How many classes a batch has: as many as are asked for, but no more than so many super-classes have on average, since a batch with
 * all classes would compare all with all; 2 at least.
 * @param superClasses of each class
 */
export function classesTogether(
  { classes: asked, superClasses: few = USUAL }: { readonly classes: number; readonly superClasses?: number },
  superClasses: Int32Array,
): number {
  const average = Math.ceil((superClasses.length * few) / new Set(superClasses).size);
  return Math.min(asked, superClasses.length, Math.max(2, average));
}

/**
 * An order of all classes, of which each `perBatch` are of `few` super-classes, taken in turns; when these have no more classes that the
 * epoch has not had, of as few others as fill the batch. A super-class comes by how many of its classes are still to come.
 * @param superClasses of each class
 */
export function superClassOrder(superClasses: Int32Array, perBatch: number, few = USUAL): EpochOrder {
  return (random) => {
    const epoch = new Epoch(superClasses, random);
    const order: number[] = [];
    while (order.length < superClasses.length) order.push(...epoch.batch(perBatch, few));
    return Int32Array.from(order);
  };
}

/** The classes that an epoch has not had yet. */
class Epoch {
  private readonly pool: Int32Array;
  private readonly left = new Map<number, number[]>();
  private readonly used: Uint8Array;
  /** All before it in the pool are used. */
  private first = 0;

  constructor(
    private readonly superClasses: Int32Array,
    random: Random,
  ) {
    this.pool = random.shuffle(Int32Array.from(superClasses.keys()));
    this.used = new Uint8Array(superClasses.length);
    for (const one of this.pool) {
      const members = this.left.get(superClasses[one]);
      if (members) members.push(one);
      else this.left.set(superClasses[one], [one]);
    }
  }

  /** So many classes of a few super-classes, fewer only at the end. */
  batch(count: number, few: number): number[] {
    const taken: number[] = [];
    let open = this.some(few);
    while (open.length > 0 && taken.length < count) {
      for (const members of open.slice(0, count - taken.length)) {
        const one = members.pop()!;
        this.used[one] = 1;
        taken.push(one);
      }
      open = open.filter((members) => members.length > 0);
      if (open.length === 0) open = this.some(1);
    }
    return taken;
  }

  /** What is left of some super-classes: of those of the next unused classes in the pool. */
  private some(count: number): number[][] {
    const found = new Set<number[]>();
    while (this.used[this.pool[this.first]] === 1) this.first++;
    for (let place = this.first; place < this.pool.length && found.size < count; place++) {
      const one = this.pool[place];
      if (this.used[one] === 0) found.add(this.left.get(this.superClasses[one])!);
    }
    return [...found];
  }
}
