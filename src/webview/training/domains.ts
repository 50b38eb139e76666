import type { ChartPoint } from './smoothing';

export type Domain = readonly [number, number];

/** From the start to the planned end; a run that goes on beyond its plan is shown whole. */
export function stepDomain(steps: number, last: number | undefined): Domain {
  return [0, Math.max(1, steps, last ?? 0)];
}

/** All losses, from zero unless they lie far above it, with room above. Values that are no numbers are left out. */
export function lossDomain(points: readonly ChartPoint[]): Domain {
  const values = points.map((point) => point.value).filter(Number.isFinite);
  if (values.length === 0) return [0, 1];
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const floor = low > high / 2 && low !== high ? low - (high - low) * 0.1 : Math.min(0, low);
  return [floor, high === floor ? floor + 1 : high + (high - floor) * 0.05];
}

/** From zero to a tenth above the best and the baseline, so that the gain over raw pixels fills the chart. */
export function recallDomain(points: readonly ChartPoint[], baseline: number | undefined): Domain {
  const high = points.reduce((a, { value }) => Math.max(a, value), baseline ?? 0);
  return [0, Math.min(1, Math.max(0.2, Math.ceil(high * 10 + 0.5) / 10))];
}

export const SHARE_DOMAIN: Domain = [0, 1];
