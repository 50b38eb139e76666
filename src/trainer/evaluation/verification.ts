import type { CalibratedThreshold, OperatingPoint, Verification } from '../types/evaluation';
import type { ScoredPairs } from './pairs';

/** Rates at which TAR is told, where enough pairs are there. */
const RATES = [0.1, 0.01, 0.001, 0.0001];
/** A rate is told when at least so many pairs of different classes would be taken for the same at it. */
const FEWEST_FALSE_MATCHES = 10;
/** Points of the curve between two powers of ten of the false-match rate. */
const POINTS_A_DECADE = 24;
const SMALLEST_RATE = 1e-6;
/** Pairs of each kind that each half of the classes must have for a calibration to be checked. */
const FEWEST_TO_CHECK = 20;

/**
 * Measures how well a threshold on the similarity verifies that two images are of one class. A pair matches when its similarity
 * is at least the threshold. The threshold for `falseMatchRate` is calibrated on the measured pairs; how it carries over to
 * other classes is checked between two halves of the classes.
 *
 * @returns undefined when there are no pairs of one class, or none of two
 */
export function verification(pairs: ScoredPairs, falseMatchRate: number): Verification | undefined {
  const { same, different, sampled } = pairs;
  if (same.length === 0 || different.length === 0) return undefined;
  const curve = operatingPoints(same, different);
  const rates = RATES.filter((rate) => rate * different.length >= FEWEST_FALSE_MATCHES);
  const calibrated = pointAt(curve, falseMatchRate);
  const check = calibrated && checkCalibration(pairs, falseMatchRate);
  return {
    pairs: { same: same.length, different: different.length, sampled },
    rocAuc: areaUnder(curve),
    equalErrorRate: equalErrorRate(curve),
    trueMatchRates: rates.flatMap((wanted) => {
      const point = pointAt(curve, wanted);
      return point === undefined ? [] : [{ wanted, ...point }];
    }),
    ...(calibrated === undefined
      ? {}
      : { calibrated: { wanted: falseMatchRate, ...calibrated, ...(check === undefined ? {} : { check }) } }),
    roc: thinned(curve),
  };
}

/** The point of every threshold that is a similarity of some pair, the highest threshold first. */
export function operatingPoints(same: Float32Array, different: Float32Array): OperatingPoint[] {
  const right = same.toSorted();
  const wrong = different.toSorted();
  const points: OperatingPoint[] = [];
  let i = right.length;
  let j = wrong.length;
  while (i > 0 || j > 0) {
    const threshold = Math.max(i > 0 ? right[i - 1] : -Infinity, j > 0 ? wrong[j - 1] : -Infinity);
    while (i > 0 && right[i - 1] >= threshold) i--;
    while (j > 0 && wrong[j - 1] >= threshold) j--;
    points.push({
      threshold,
      falseMatchRate: (wrong.length - j) / wrong.length,
      trueMatchRate: (right.length - i) / right.length,
    });
  }
  return points;
}

type Rates = Pick<OperatingPoint, 'falseMatchRate' | 'trueMatchRate'>;

const NOTHING_MATCHES: Rates = { falseMatchRate: 0, trueMatchRate: 0 };

/** By trapezia, which counts a tie between a pair of one class and a pair of two as one half. */
export function areaUnder(curve: readonly Rates[]): number {
  let area = 0;
  let before = NOTHING_MATCHES;
  for (const point of curve) {
    area += ((point.falseMatchRate - before.falseMatchRate) * (point.trueMatchRate + before.trueMatchRate)) / 2;
    before = point;
  }
  return area;
}

/** Where the curve crosses the line on which false matches and false non-matches are equally frequent. */
export function equalErrorRate(curve: readonly Rates[]): number {
  let before = NOTHING_MATCHES;
  for (const point of curve) {
    const over = point.falseMatchRate + point.trueMatchRate - 1;
    if (over >= 0) {
      const under = 1 - before.falseMatchRate - before.trueMatchRate;
      const share = under / (under + over);
      return before.falseMatchRate + share * (point.falseMatchRate - before.falseMatchRate);
    }
    before = point;
  }
  return 1;
}

/** The lowest threshold whose false-match rate is not above the wanted one; undefined when even the highest is. */
function pointAt(curve: readonly OperatingPoint[], wanted: number): OperatingPoint | undefined {
  let low = 0;
  let high = curve.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (curve[middle].falseMatchRate <= wanted) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? undefined : curve[low - 1];
}

function checkCalibration(pairs: ScoredPairs, wanted: number): CalibratedThreshold['check'] {
  const { same, different, sameHalf, differentHalf } = pairs;
  const halves = [0, 1].map((half) => ({
    same: same.filter((_, i) => sameHalf[i] === half),
    different: different.filter((_, i) => differentHalf[i] === half),
  }));
  const fewest = Math.max(FEWEST_TO_CHECK, 1 / wanted);
  if (halves.some((half) => half.same.length < FEWEST_TO_CHECK || half.different.length < fewest)) return undefined;
  const found = halves.map((half, i) => {
    const point = pointAt(operatingPoints(half.same, half.different), wanted);
    if (point === undefined) return undefined;
    const other = halves[1 - i];
    const matches = (scores: Float32Array): number =>
      scores.reduce((count, score) => count + (score >= point.threshold ? 1 : 0), 0) / scores.length;
    return { falseMatchRate: matches(other.different), trueMatchRate: matches(other.same) };
  });
  const [first, second] = found;
  if (first === undefined || second === undefined) return undefined;
  return {
    falseMatchRate: (first.falseMatchRate + second.falseMatchRate) / 2,
    trueMatchRate: (first.trueMatchRate + second.trueMatchRate) / 2,
  };
}

/** The best point at each of some false-match rates, evenly spread over their powers of ten, and the ends. */
function thinned(curve: readonly OperatingPoint[]): Rates[] {
  const points: Rates[] = [NOTHING_MATCHES];
  const decades = -Math.log10(SMALLEST_RATE);
  for (let i = 0; i <= decades * POINTS_A_DECADE; i++) {
    const point = pointAt(curve, 10 ** (i / POINTS_A_DECADE - decades));
    const last = points[points.length - 1];
    if (point === undefined) continue;
    if (point.falseMatchRate === last.falseMatchRate && point.trueMatchRate === last.trueMatchRate) continue;
    points.push({ falseMatchRate: point.falseMatchRate, trueMatchRate: point.trueMatchRate });
  }
  return points;
}
