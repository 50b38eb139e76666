import { throwIfCancelled } from '../../rpc/errors';
import { Random } from '../random';
import { breathe } from '../store/slices';
import { type Interval, type Measure, MEASURES, type RetrievalIntervals } from '../types/evaluation';
import { eachMeasure, measureValues, type MeasureValues, queryClasses } from './measures';
import type { QueryResults } from './queries';

export const RESAMPLES = 1000;
export const LEVEL = 0.95;

export interface BootstrapOptions {
  /**
   * What is drawn again: whole classes with all their queries, as classes that no training saw are a sample of the classes that
   * there could be; or single queries, when the classes are given once and for all.
   */
  readonly over: 'classes' | 'queries';
  readonly seed: number;
  readonly resamples?: number;
  readonly signal?: AbortSignal;
}

/** The intervals of one model, and of its differences to each of the others, which were resampled with it. */
export interface Bootstrapped {
  readonly micro: RetrievalIntervals;
  readonly macro: RetrievalIntervals;
  difference(other: number, measure: Measure): Interval;
}

/**
 * Percentile intervals (Efron 1979) of the micro and macro means: the measures of `RESAMPLES` samples with replacement of as many
 * classes or queries. All models are given the same samples, so that their differences are those of paired measures.
 *
 * @param models the results of the same queries with each model
 */
export async function bootstrap(models: readonly QueryResults[], options: BootstrapOptions): Promise<Bootstrapped[]> {
  const { resamples = RESAMPLES } = options;
  const { classOf, sizes } = queryClasses(models[0].labels);
  const means = models.map((results) => new Means(measureValues(results), classOf, sizes.length, resamples));
  const random = new Random(options.seed).fork('bootstrap');
  for (let resample = 0; resample < resamples; resample++) {
    throwIfCancelled(options.signal);
    const weights = options.over === 'classes' ? drawn(sizes.length, random) : drawn(models[0].labels.length, random);
    for (const mean of means) {
      if (options.over === 'classes') mean.ofClasses(resample, weights, sizes);
      else mean.ofQueries(resample, weights);
    }
    await breathe();
  }
  return means.map((mean) => ({
    micro: eachMeasure((measure) => interval(mean.micro[measure])),
    macro: eachMeasure((measure) => interval(mean.macro[measure])),
    difference: (other, measure) =>
      interval(mean.micro[measure].map((value, i) => value - means[other].micro[measure][i])),
  }));
}

/** How often each of `count` was drawn in `count` draws with replacement. */
function drawn(count: number, random: Random): Float64Array {
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) weights[random.integer(count)]++;
  return weights;
}

/** The resampled means of one model, one entry a resample. */
class Means {
  readonly micro: MeasureValues;
  readonly macro: MeasureValues;
  /** For each measure, the sum of each class. */
  private readonly sums: MeasureValues;

  constructor(
    private readonly values: MeasureValues,
    private readonly classOf: Int32Array,
    private readonly classes: number,
    resamples: number,
  ) {
    this.micro = eachMeasure(() => new Float64Array(resamples));
    this.macro = eachMeasure(() => new Float64Array(resamples));
    this.sums = eachMeasure(() => new Float64Array(classes));
    for (const measure of MEASURES) {
      values[measure].forEach((value, query) => (this.sums[measure][classOf[query]] += value));
    }
  }

  ofClasses(resample: number, weights: Float64Array, sizes: Float64Array): void {
    for (const measure of MEASURES) {
      const sums = this.sums[measure];
      let total = 0;
      let queries = 0;
      let means = 0;
      for (let c = 0; c < sums.length; c++) {
        total += weights[c] * sums[c];
        queries += weights[c] * sizes[c];
        means += (weights[c] * sums[c]) / sizes[c];
      }
      this.micro[measure][resample] = total / queries;
      this.macro[measure][resample] = means / sums.length;
    }
  }

  /** A class of which no query was drawn is left out of the macro mean. */
  ofQueries(resample: number, weights: Float64Array): void {
    const counts = new Float64Array(this.classes);
    for (let query = 0; query < weights.length; query++) counts[this.classOf[query]] += weights[query];
    const present = counts.reduce((total, count) => total + (count > 0 ? 1 : 0), 0);
    for (const measure of MEASURES) {
      const values = this.values[measure];
      let total = 0;
      let means = 0;
      for (let query = 0; query < weights.length; query++) {
        const value = weights[query] * values[query];
        if (value === 0) continue;
        total += value;
        means += value / counts[this.classOf[query]];
      }
      this.micro[measure][resample] = total / weights.length;
      this.macro[measure][resample] = means / present;
    }
  }
}

function interval(values: Float64Array): Interval {
  const sorted = values.toSorted();
  return { low: quantile(sorted, (1 - LEVEL) / 2), high: quantile(sorted, (1 + LEVEL) / 2) };
}

/** Between two values on a straight line, as NumPy's `quantile`. */
export function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
