import type { Kernels } from '../../src/trainer/kernels/kernels';
import { approximateNeighbours } from '../../src/trainer/neighbours/approximate';
import type { NearestNeighbours } from '../../src/trainer/projection/fuzzyGraph';
import { neighbourhoodScores } from '../../src/trainer/projectionQuality/coRanking';
import { Ranking } from '../../src/trainer/projectionQuality/ranking';
import { mapSpace } from '../../src/trainer/projectionQuality/space';
import { Random } from '../../src/trainer/random';
import type { Matrix } from '../../src/trainer/store/matrix';

const NEIGHBOURS = 15;

export interface MapQuality {
  /** Of 15 neighbours by the Euclidean distance, over items that are drawn (Venna and Kaski 2001). */
  readonly trustworthiness: number;
  /** Share of the given neighbours that are among the nearest on the map. */
  readonly kept: number;
  /** Share of items of the class that most of their 15 neighbours on the map have. */
  readonly accuracy: number;
}

/** @param anchors items that the trustworthiness is measured at; the others are compared with these, all of them */
export function qualityOf(
  kernels: Kernels,
  vectors: Matrix,
  positions: ArrayLike<number>,
  { near, labels, anchors }: { near: NearestNeighbours; labels: Uint8Array; anchors: number },
): MapQuality {
  const map: Matrix = { data: Float32Array.from(positions), rows: vectors.rows, dims: positions.length / vectors.rows };
  const plane = approximateNeighbours(kernels, map, { k: NEIGHBOURS, metric: 'euclidean', seed: 2 });
  let kept = 0;
  let same = 0;
  for (let item = 0; item < vectors.rows; item++) {
    const truth = new Set(near.indices.subarray(item * near.k, (item + 1) * near.k));
    const around = plane.indices.subarray(item * NEIGHBOURS, (item + 1) * NEIGHBOURS);
    kept += around.filter((other) => truth.has(other)).length / Math.min(near.k, NEIGHBOURS);
    if (mostFrequent(around, labels) === labels[item]) same++;
  }
  return {
    trustworthiness: trustworthiness(mapSpace(vectors), mapSpace(map), anchors),
    kept: kept / vectors.rows,
    accuracy: same / vectors.rows,
  };
}

function mostFrequent(items: Int32Array, labels: Uint8Array): number {
  const votes = new Map<number, number>();
  for (const item of items) votes.set(labels[item], (votes.get(labels[item]) ?? 0) + 1);
  return [...votes].sort((x, y) => y[1] - x[1])[0][0];
}

function trustworthiness(
  truth: ReturnType<typeof mapSpace>,
  map: ReturnType<typeof mapSpace>,
  anchors: number,
): number {
  const drawn = new Random(1).shuffle(Int32Array.from({ length: truth.count }, (_, i) => i)).subarray(0, anchors);
  const rankings = [new Ranking(truth), new Ranking(map)] as const;
  const sum = drawn.reduce((total, item) => {
    for (const ranking of rankings) ranking.look(item);
    return total + neighbourhoodScores(...rankings, NEIGHBOURS).trustworthiness;
  }, 0);
  return sum / drawn.length;
}
