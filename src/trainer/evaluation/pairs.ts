import type { Matrix } from '../store/matrix';
import { Random } from '../random';
import { inSlices } from '../store/slices';

/** Beyond these, pairs are drawn. False-match rates of 1e-4 are then known from some forty pairs. */
export const MOST_SAME = 100_000;
export const MOST_DIFFERENT = 400_000;

/** Pairs of items, each once, with their cosine similarities. */
export interface ScoredPairs {
  readonly same: Float32Array;
  readonly different: Float32Array;
  /** Of each pair, the half of the classes that both items are in, 0 or 1; 2 when they are in different halves. */
  readonly sameHalf: Uint8Array;
  readonly differentHalf: Uint8Array;
  readonly sampled: boolean;
}

export interface PairOptions {
  readonly seed: number;
  readonly mostSame?: number;
  readonly mostDifferent?: number;
  readonly signal?: AbortSignal;
}

/**
 * Compares all pairs of labelled items, or a random sample, uniform and with replacement, of those of one class or of those of
 * two where there are too many. The same labels and seed give the same pairs, so that models are compared on the same ones.
 *
 * @param labels one code a row, none below 0
 */
export async function scorePairs(vectors: Matrix, labels: Int32Array, options: PairOptions): Promise<ScoredPairs> {
  const { seed, mostSame = MOST_SAME, mostDifferent = MOST_DIFFERENT, signal } = options;
  const classes = new Classes(labels);
  const random = new Random(seed).fork('pairs');
  const half = classes.halves(random.fork('halves'));
  const same = classes.samePairs <= mostSame ? classes.allSame() : classes.drawSame(mostSame, random.fork('same'));
  const different =
    classes.differentPairs <= mostDifferent
      ? classes.allDifferent()
      : classes.drawDifferent(mostDifferent, random.fork('different'));
  const halvesOf = (pairs: Pairs): Uint8Array =>
    Uint8Array.from(pairs.a, (item, i) => (half[item] === half[pairs.b[i]] ? half[item] : 2));
  return {
    same: await similarities(vectors, same, signal),
    different: await similarities(vectors, different, signal),
    sameHalf: halvesOf(same),
    differentHalf: halvesOf(different),
    sampled: classes.samePairs > mostSame || classes.differentPairs > mostDifferent,
  };
}

interface Pairs {
  readonly a: Int32Array;
  readonly b: Int32Array;
}

/** The items in the order of their classes, so that a class is a range. */
class Classes {
  readonly samePairs: number;
  readonly differentPairs: number;
  private readonly items: Int32Array;
  /** Where each class begins, and the end. */
  private readonly starts: number[] = [];

  constructor(labels: Int32Array) {
    this.items = Int32Array.from(labels.keys()).sort((a, b) => labels[a] - labels[b] || a - b);
    this.items.forEach((item, place) => {
      if (place === 0 || labels[item] !== labels[this.items[place - 1]]) this.starts.push(place);
    });
    this.starts.push(this.items.length);
    const n = this.items.length;
    this.samePairs = this.sizes().reduce((sum, size) => sum + (size * (size - 1)) / 2, 0);
    this.differentPairs = (n * (n - 1)) / 2 - this.samePairs;
  }

  /** The half that the class of each item is in: classes are dealt out at random. */
  halves(random: Random): Uint8Array {
    const order = random.shuffle(this.sizes().map((_, c) => c));
    const half = new Uint8Array(this.items.length);
    order.forEach((c, place) => {
      for (let i = this.starts[c]; i < this.starts[c + 1]; i++) half[this.items[i]] = place % 2;
    });
    return half;
  }

  allSame(): Pairs {
    const pairs = room(this.samePairs);
    let at = 0;
    this.sizes().forEach((size, c) => {
      for (let i = 0; i < size; i++)
        for (let j = i + 1; j < size; j++) this.put(pairs, at++, this.starts[c] + i, this.starts[c] + j);
    });
    return pairs;
  }

  allDifferent(): Pairs {
    const pairs = room(this.differentPairs);
    let at = 0;
    this.sizes().forEach((_, c) => {
      const end = this.starts[c + 1];
      for (let i = this.starts[c]; i < end; i++)
        for (let j = end; j < this.items.length; j++) this.put(pairs, at++, i, j);
    });
    return pairs;
  }

  drawSame(count: number, random: Random): Pairs {
    const pairs = room(count);
    const sizes = this.sizes();
    const classOf = drawer(sizes.map((size) => (size * (size - 1)) / 2));
    for (let at = 0; at < count; at++) {
      const c = classOf(random);
      const i = random.integer(sizes[c]);
      const j = random.integer(sizes[c] - 1);
      this.put(pairs, at, this.starts[c] + i, this.starts[c] + (j < i ? j : j + 1));
    }
    return pairs;
  }

  drawDifferent(count: number, random: Random): Pairs {
    const pairs = room(count);
    const n = this.items.length;
    const sizes = this.sizes();
    const classOf = drawer(sizes.map((size) => size * (n - size)));
    for (let at = 0; at < count; at++) {
      const c = classOf(random);
      const other = random.integer(n - sizes[c]);
      const first = this.starts[c] + random.integer(sizes[c]);
      this.put(pairs, at, first, other < this.starts[c] ? other : other + sizes[c]);
    }
    return pairs;
  }

  private sizes(): number[] {
    return this.starts.slice(1).map((end, c) => end - this.starts[c]);
  }

  private put(pairs: Pairs, at: number, first: number, second: number): void {
    pairs.a[at] = this.items[first];
    pairs.b[at] = this.items[second];
  }
}

function room(count: number): Pairs {
  return { a: new Int32Array(count), b: new Int32Array(count) };
}

/** Draws a number in proportion to its weight. */
function drawer(weights: readonly number[]): (random: Random) => number {
  const ends: number[] = [];
  weights.reduce((sum, weight) => {
    ends.push(sum + weight);
    return sum + weight;
  }, 0);
  return (random) => {
    const wanted = random.next() * ends[ends.length - 1];
    let low = 0;
    let high = ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle] > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

async function similarities({ data, dims }: Matrix, { a, b }: Pairs, signal?: AbortSignal): Promise<Float32Array> {
  const scores = new Float32Array(a.length);
  await inSlices(
    a.length,
    (i) => {
      const first = a[i] * dims;
      const second = b[i] * dims;
      let sum = 0;
      for (let d = 0; d < dims; d++) sum += data[first + d] * data[second + d];
      scores[i] = sum;
    },
    signal,
  );
  return scores;
}
