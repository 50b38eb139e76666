/** Third word of a forked stream's seed; it keeps forks apart from `new Random(seed)` with a small seed. */
const FORKED = 0x9e3779b9;

/** 32 bits of a text: FNV-1a, then the finaliser of MurmurHash3 so that near labels give far seeds. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash);
}

function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * A seeded generator of random numbers: sfc32 of Chris Doty-Humphrey's PractRand, 128 bits of state, 32 bits a step. The same
 * seed gives the same numbers on every machine. Not for secrets.
 */
export class Random {
  private a = 0;
  private b = 0;
  private c = 0;
  private counter = 0;
  /** What `fork` starts from; it does not change as numbers are drawn. */
  private origin: number;

  /** @param seed any finite number; all 53 bits of an integer count. */
  constructor(seed: number) {
    if (!Number.isFinite(seed)) throw new RangeError(`A seed must be a finite number, not ${seed}.`);
    const low = seed >>> 0;
    const high = Math.floor(seed / 0x1_0000_0000) >>> 0;
    const fraction = Math.floor((seed - Math.floor(seed)) * 0x1_0000_0000) >>> 0;
    this.origin = mix(low ^ mix(high ^ mix(fraction)));
    this.start(low, high, fraction);
  }

  /** Uniform in [0, 1), with 53 random bits. */
  next(): number {
    const high = this.bits() >>> 5;
    const low = this.bits() >>> 6;
    return (high * 0x400_0000 + low) / 0x20_0000_0000_0000;
  }

  /** A whole number, uniform in [0, n). */
  integer(n: number): number {
    if (!(n >= 1)) throw new RangeError(`There is no whole number in [0, ${n}).`);
    return Math.floor(this.next() * n);
  }

  /** Standard normal, by the Box-Muller transform; the second value is not kept, so that `state` is all there is. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** Shuffles in place (Fisher-Yates) and gives the same array back. */
  shuffle<T extends unknown[] | Int32Array>(values: T): T {
    const array = values as unknown[];
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const held = array[i];
      array[i] = array[j];
      array[j] = held;
    }
    return values;
  }

  /** An independent stream that depends on this one's seed and the label only, not on what was drawn before. */
  fork(label: string): Random {
    const hash = hashText(label);
    const fork = new Random(0);
    fork.origin = mix(this.origin ^ mix(hash));
    fork.start(this.origin, hash, FORKED);
    return fork;
  }

  /** Five 32-bit numbers from which `restore` goes on exactly here. */
  state(): number[] {
    return [this.a, this.b, this.c, this.counter, this.origin];
  }

  static restore(state: readonly number[]): Random {
    if (state.length !== 5) throw new RangeError(`The state of a generator is 5 numbers, not ${state.length}.`);
    const random = new Random(0);
    const [a, b, c, counter, origin] = state as [number, number, number, number, number];
    return Object.assign(random, { a, b, c, counter, origin });
  }

  /** The first numbers of near seeds are alike; after 16 steps nothing of that is left. */
  private start(a: number, b: number, c: number): void {
    this.a = a;
    this.b = b;
    this.c = c;
    this.counter = 1;
    for (let i = 0; i < 16; i++) this.bits();
  }

  private bits(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}
