import { Random } from '../random';
import { ProgressMeter } from '../store/progressMeter';
import type { Progress } from '../types/progress';
import type { Estimate, ItemMeasure, ItemQuality, ProjectionQuality } from '../types/projectionQuality';
import { neighbourhoodScores, RnxCurve } from './coRanking';
import { ItemEstimates, type ItemScores, type TrueNeighbours } from './itemEstimates';
import { Ranking } from './ranking';
import { cosineSpace, mapSpace, type Space } from './space';
import type { Matrix } from '../store/matrix';
import { rankCorrelation, spearman } from './spearman';

export interface QualityJob {
  readonly vectors: Matrix;
  readonly positions: Matrix;
  readonly k: number;
  /** How many items are ranked completely. */
  readonly anchors: number;
  /** Needed when not all items are anchors. */
  readonly neighbours: TrueNeighbours | undefined;
  readonly seed: number;
}

const PAIRS = 20_000;
const REFERENCES = 128;
const MEASURES: readonly ItemMeasure[] = ['trustworthiness', 'continuity', 'preservation', 'spearman'];

/** The neighbours that are looked at of each item: for more than half of the others the measures say little. */
export function neighboursLookedAt(items: number, wanted: number): number {
  if (items < 2) return 0;
  return Math.max(1, Math.min(wanted, Math.floor((items - 1) / 2)));
}

/** Measures a map of an embedding; the same job gives the same numbers. */
export function measureQuality(job: QualityJob, report: (progress: Progress) => void): ProjectionQuality {
  const { vectors, positions, k, neighbours, seed } = job;
  const truth = cosineSpace(vectors);
  const map = mapSpace(positions);
  const items = vectors.rows;
  const random = new Random(seed).fork('projection quality');
  const anchors = random.shuffle(Int32Array.from({ length: items }, (_, i) => i)).subarray(0, job.anchors);
  const perItem = emptyScores(items, anchors.length === items ? items - 1 : Math.min(REFERENCES, anchors.length));
  const { rnxAuc, correlation } = rankAnchors(truth, map, k, anchors.toSorted(), perItem, random, report);
  if (anchors.length < items && neighbours)
    estimateOthers(
      new ItemEstimates(truth, map, positions, neighbours, anchors.slice(0, perItem.references)),
      anchors,
      perItem,
      report,
    );
  const summary = (measure: ItemMeasure): Estimate => meanOf(anchors, perItem[measure]);
  return {
    k,
    items,
    anchors: anchors.length,
    trustworthiness: summary('trustworthiness'),
    continuity: summary('continuity'),
    preservation: summary('preservation'),
    rnxAuc,
    spearman: correlation,
    perItem,
  };
}

function emptyScores(items: number, references: number): ItemQuality {
  const column = (): Float32Array => new Float32Array(items).fill(1);
  return {
    references,
    trustworthiness: column(),
    continuity: column(),
    preservation: column(),
    spearman: column(),
  };
}

function rankAnchors(
  truth: Space,
  map: Space,
  k: number,
  anchors: Int32Array,
  perItem: ItemQuality,
  random: Random,
  report: (progress: Progress) => void,
): { readonly rnxAuc: number; readonly correlation: number } {
  const [trueRanking, mapRanking] = [new Ranking(truth), new Ranking(map)];
  const curve = new RnxCurve(truth.count);
  const pairs = new SampledPairs(truth.count, anchors.length, random);
  const meter = new ProgressMeter(report, 'Comparing neighbourhoods', anchors.length, 'images');
  for (const anchor of anchors) {
    trueRanking.look(anchor);
    mapRanking.look(anchor);
    const scores = neighbourhoodScores(trueRanking, mapRanking, k);
    const correlation = rankCorrelation(trueRanking.averageRanks(), mapRanking.averageRanks(), truth.count / 2);
    keep(perItem, anchor, { ...scores, spearman: correlation });
    curve.add(trueRanking, mapRanking);
    pairs.add(anchor, trueRanking, mapRanking);
    meter.add();
  }
  return { rnxAuc: curve.area(), correlation: pairs.spearman() };
}

/** Distances in both spaces of pairs of items; all pairs of an anchor while they are few. */
class SampledPairs {
  private readonly truth: number[] = [];
  private readonly map: number[] = [];
  private readonly each: number;

  constructor(
    private readonly count: number,
    anchors: number,
    private readonly random: Random,
  ) {
    this.each = Math.ceil(PAIRS / Math.max(1, anchors));
  }

  add(anchor: number, truth: Ranking, map: Ranking): void {
    const isAll = this.each >= this.count - 1;
    for (let i = 0; i < (isAll ? this.count : this.each); i++) {
      const other = isAll ? i : this.random.integer(this.count);
      if (other === anchor) continue;
      this.truth.push(truth.distances[other]);
      this.map.push(map.distances[other]);
    }
  }

  spearman(): number {
    return spearman(Float32Array.from(this.truth), Float32Array.from(this.map));
  }
}

function estimateOthers(
  estimates: ItemEstimates,
  anchors: Int32Array,
  perItem: ItemQuality,
  report: (progress: Progress) => void,
): void {
  const known = new Set(anchors);
  const items = perItem.trustworthiness.length;
  const meter = new ProgressMeter(report, 'Looking at each image', items, 'images');
  for (let item = 0; item < items; item++) {
    if (!known.has(item)) keep(perItem, item, estimates.of(item));
    meter.add();
  }
}

function keep(perItem: ItemQuality, item: number, scores: ItemScores): void {
  for (const measure of MEASURES) perItem[measure][item] = scores[measure];
}

/** The mean over a sample drawn without replacement, with its 95 % interval (normal, corrected for the finite number of items). */
function meanOf(sample: Int32Array, values: Float32Array): Estimate {
  const n = sample.length;
  if (n === 0) return { value: 1, low: 1, high: 1 };
  const mean = sample.reduce((sum, item) => sum + values[item], 0) / n;
  if (n === values.length || n < 2) return { value: mean, low: mean, high: mean };
  const variance = sample.reduce((sum, item) => sum + (values[item] - mean) ** 2, 0) / (n - 1);
  const half = 1.96 * Math.sqrt((variance / n) * (1 - n / values.length));
  return { value: mean, low: Math.max(0, mean - half), high: Math.min(1, mean + half) };
}
