import type { Rows } from './vectors';

/** A batch, or anchors and what they are compared with, as the loops of the oracle see them. */
export interface NaiveComparison {
  readonly anchors: Rows;
  readonly references: Rows;
  readonly anchorLabels: readonly number[];
  readonly referenceLabels: readonly number[];
  /** The own place of an anchor among the references. */
  readonly isSelf: (anchor: number, reference: number) => boolean;
}

/** Places of an anchor and of a reference. */
export type Pair = readonly [number, number];
/** Places of an anchor, a positive and a negative. */
export type Triplet = readonly [number, number, number];

export function ofBatch(rows: Rows, labels: readonly number[]): NaiveComparison {
  return {
    anchors: rows,
    references: rows,
    anchorLabels: labels,
    referenceLabels: labels,
    isSelf: (anchor, reference) => anchor === reference,
  };
}

export function pairsOf(compared: NaiveComparison, isSame: boolean): Pair[] {
  const { anchorLabels, referenceLabels, isSelf } = compared;
  return anchorLabels.flatMap((label, a) =>
    referenceLabels.flatMap((other, r): Pair[] =>
      !isSelf(a, r) && other >= 0 && (label === other) === isSame ? [[a, r]] : [],
    ),
  );
}

export function tripletsOf(compared: NaiveComparison): Triplet[] {
  const negatives = pairsOf(compared, false);
  return pairsOf(compared, true).flatMap(([a, p]) =>
    negatives.flatMap(([other, n]): Triplet[] => (other === a ? [[a, p, n]] : [])),
  );
}
