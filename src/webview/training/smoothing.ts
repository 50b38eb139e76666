/** A value at a step, as a chart draws it. */
export interface ChartPoint {
  readonly step: number;
  readonly value: number;
}

/** Exponential moving average, corrected for its start at zero (as Adam does), so that the first values are not pulled down. */
export function smoothed(points: readonly ChartPoint[], decay: number): ChartPoint[] {
  let average = 0;
  let weight = 0;
  return points.map(({ step, value }) => {
    average = decay * average + (1 - decay) * value;
    weight = decay * weight + (1 - decay);
    return { step, value: average / weight };
  });
}

/** At most about `2 * buckets` points that keep every peak and dip: the lowest and highest of each run of points. */
export function thinned(points: readonly ChartPoint[], buckets: number): readonly ChartPoint[] {
  if (points.length <= 2 * buckets) return points;
  const size = points.length / buckets;
  const kept: ChartPoint[] = [];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const part = points.slice(Math.floor(bucket * size), Math.floor((bucket + 1) * size));
    const low = part.reduce((a, b) => (b.value < a.value ? b : a));
    const high = part.reduce((a, b) => (b.value > a.value ? b : a));
    if (low === high) kept.push(low);
    else kept.push(...(low.step < high.step ? [low, high] : [high, low]));
  }
  return kept;
}

/** The point whose step is nearest; undefined when there is none. */
export function nearestPoint(points: readonly ChartPoint[], step: number): ChartPoint | undefined {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle].step < step) low = middle + 1;
    else high = middle;
  }
  const after = low < points.length ? points[low] : undefined;
  const before = low > 0 ? points[low - 1] : undefined;
  if (after === undefined || before === undefined) return after ?? before;
  return step - before.step <= after.step - step ? before : after;
}
