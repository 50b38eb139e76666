/** One way to tell that two nodes are alike. */
export interface Evidence {
  readonly kind: 'perceptual' | 'embedding';
  readonly threshold: number;
  /** In the unit of the evidence; undefined when it does not say that the two are alike. Symmetric, the same every time. */
  distance(a: number, b: number): number | undefined;
}

/** A distance as a share of its threshold, so that different kinds of evidence can be ordered. */
export function strainOf(distance: number, threshold: number): number {
  return threshold === 0 ? 0 : Math.max(0, distance) / threshold;
}
