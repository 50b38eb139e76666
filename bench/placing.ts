/**
 * New items in a map of Fashion-MNIST: how many of them lie among others of their class, beside umap-js's `transform` on the same split
 * (`node bench/run.mjs placing [known] [new]`). The accuracy is that of the 15 nearest known items on the map.
 */
import { UMAP } from 'umap-js';
import { Kernels } from '../src/trainer/kernels/kernels';
import { approximateNeighbours } from '../src/trainer/neighbours/approximate';
import { extendNeighbours } from '../src/trainer/neighbours/extend';
import { nearestAmong } from '../src/trainer/neighbours/exactSearch';
import { placeItems } from '../src/trainer/projection/placing';
import { layOut, principalPositions } from '../src/trainer/projection/projector';
import type { ProjectionSettings } from '../src/trainer/protocol';
import { Random } from '../src/trainer/random';
import { fashion } from './projection/fashion';

const [knownCount = 5000, freshCount = 500] = process.argv.slice(2).map(Number);
const K = 15;

void (async () => {
  const rows = knownCount + freshCount;
  const { data, labels } = await fashion(rows);
  const kernels = await Kernels.start();
  const all = Int32Array.from({ length: rows }, (_, i) => i);
  const known = all.subarray(0, knownCount);
  const fresh = all.subarray(knownCount);
  const old = { data: data.subarray(0, knownCount * 784), rows: knownCount, dims: 784 };
  const highDim = nearestAmong(kernels, { data, rows, dims: 784 }, known, fresh, { k: K, metric: 'euclidean' });
  console.log(`${knownCount} known, ${freshCount} new; by all 784 dimensions: ${accuracy(highDim.indices).toFixed(4)}`);
  const settings = { k: 14, metric: 'euclidean', seed: 1 } as const;
  const before = approximateNeighbours(kernels, old, settings);
  const earlier = { ...before, before: all.map((row) => (row < knownCount ? row : -1)) };
  const used = (work: () => { recall: number } | undefined): string => {
    const from = process.cpuUsage();
    const recall = work()?.recall.toFixed(4) ?? 'left to a search from nothing';
    return `${(process.cpuUsage(from).user / 1e6).toFixed(2)} s of processor time, recall ${recall}`;
  };
  const vectorsOfAll = { data, rows, dims: 784 };
  console.log(`neighbours from nothing: ${used(() => approximateNeighbours(kernels, vectorsOfAll, settings))}`);
  console.log(`neighbours extended: ${used(() => extendNeighbours(kernels, vectorsOfAll, settings, earlier))}`);
  for (const kind of ['umap', 'tsne'] as const) {
    const settings: ProjectionSettings = { kind, neighbours: 15, minDist: 0.1, seed: 1, metric: 'euclidean' };
    const near = approximateNeighbours(kernels, old, { k: kind === 'umap' ? 14 : 90, metric: 'euclidean', seed: 1 });
    const { positions, scale } = await layOut(
      near,
      { principal: principalPositions(old, 'start') },
      settings,
      () => undefined,
    );
    const started = performance.now();
    const places = placeItems(kernels, { data, rows, dims: 784 }, { known, fresh, positions, scale }, settings);
    tell(`Kindred, ${kind}`, started, onMap(Float64Array.from(positions), Float64Array.from(places)));
  }
  const random = new Random(1);
  const umap = new UMAP({ nNeighbors: 15, minDist: 0.1, random: () => random.next() });
  const vectors = (from: number, to: number): number[][] =>
    Array.from({ length: to - from }, (_, i) => [...data.subarray((from + i) * 784, (from + i + 1) * 784)]);
  const fitted = umap.fit(vectors(0, knownCount));
  const started = performance.now();
  const places = umap.transform(vectors(knownCount, rows));
  tell('umap-js', started, onMap(Float64Array.from(fitted.flat()), Float64Array.from(places.flat())));
  // What it makes of the true neighbours: its own search loses many.
  const listed = (values: Int32Array | Float32Array): number[][] =>
    Array.from({ length: freshCount }, (_, i) => [...values.subarray(i * K, (i + 1) * K)]);
  Object.assign(umap, { search: () => [listed(highDim.indices), listed(highDim.distances), listed(highDim.indices)] });
  const again = umap.transform(vectors(knownCount, rows));
  tell(
    'umap-js, given the neighbours',
    started,
    onMap(Float64Array.from(fitted.flat()), Float64Array.from(again.flat())),
  );
  process.exit(0);

  /** Nearest known items of each new one in the plane. */
  function onMap(positions: Float64Array, fresher: Float64Array): Int32Array {
    const plane = Float32Array.from([...positions, ...fresher]);
    return nearestAmong(kernels, { data: plane, rows, dims: 2 }, known, fresh, { k: K, metric: 'euclidean' }).indices;
  }

  /** Share of the new items whose class most of these have. */
  function accuracy(indices: Int32Array): number {
    let right = 0;
    for (let i = 0; i < freshCount; i++) {
      const votes = new Map<number, number>();
      for (const j of indices.subarray(i * K, (i + 1) * K)) votes.set(labels[j], (votes.get(labels[j]) ?? 0) + 1);
      if ([...votes].sort((a, b) => b[1] - a[1])[0][0] === labels[knownCount + i]) right++;
    }
    return right / freshCount;
  }

  function tell(what: string, started: number, indices: Int32Array): void {
    let kept = 0;
    for (let i = 0; i < freshCount; i++) {
      const truth = new Set(highDim.indices.subarray(i * K, (i + 1) * K));
      for (const j of indices.subarray(i * K, (i + 1) * K)) if (truth.has(j)) kept++;
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(2);
    console.log(
      `${what}: accuracy ${accuracy(indices).toFixed(4)}, neighbours kept ${(kept / freshCount / K).toFixed(4)}, ${seconds} s`,
    );
  }
})();
