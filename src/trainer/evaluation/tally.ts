import type { RetrievalMeasures } from '../types/embedding';

/** Sums the measures of queries; see `retrievalMeasures` for their definitions. */
export class MeasureTally {
  private queries = 0;
  private at1 = 0;
  private at5 = 0;
  private rPrecision = 0;
  private mapAtR = 0;

  /**
   * @param relevant for each item found, best first and without the query, 1 when it is of the query's class; at least
   *   `possible` of them
   * @param possible R: how many items of the query's class there are beside it, 1 or more
   */
  add(relevant: ArrayLike<number>, possible: number): void {
    let hits = 0;
    let precisions = 0;
    for (let i = 0; i < possible; i++) {
      if (!relevant[i]) continue;
      hits++;
      precisions += hits / (i + 1);
    }
    this.queries++;
    this.at1 += relevant[0] ? 1 : 0;
    this.at5 += anyOf(relevant, 5) ? 1 : 0;
    this.rPrecision += hits / possible;
    this.mapAtR += precisions / possible;
  }

  /** All 0 when there was no query. */
  means(): RetrievalMeasures {
    const n = Math.max(1, this.queries);
    return {
      recallAt1: this.at1 / n,
      recallAt5: this.at5 / n,
      rPrecision: this.rPrecision / n,
      mapAtR: this.mapAtR / n,
    };
  }
}

function anyOf(relevant: ArrayLike<number>, first: number): boolean {
  for (let i = 0; i < Math.min(first, relevant.length); i++) if (relevant[i]) return true;
  return false;
}
