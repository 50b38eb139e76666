import type { TextStore } from '../dataset/texts';
import { jaccard, shinglesOf } from '../text/shingles';
import type { Pace } from './pace';

/** Share of their shingles that near-duplicate texts have in common. */
const LEAST = 0.5;
const CHUNK = 64;

/** Sets of shingles with which a SimHash is confirmed: *the hash proposes, the words agree or not*. */
export class TextSignatures {
  private constructor(private readonly sets: readonly Uint32Array[]) {}

  /** Row i is of the i-th of `items`. */
  static async read(texts: TextStore, items: readonly number[], pace: Pace): Promise<TextSignatures> {
    const sets: Uint32Array[] = [];
    for (let start = 0; start < items.length; start += CHUNK) {
      for (const text of await texts.read(items.slice(start, start + CHUNK))) {
        sets.push(shinglesOf(text));
        if (pace.due()) await pace.breathe(sets.length);
      }
    }
    return new TextSignatures(sets);
  }

  agree(a: number, b: number): boolean {
    return jaccard(this.sets[a], this.sets[b]) >= LEAST;
  }
}
