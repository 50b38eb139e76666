/**
 * Neighbours and layouts of Fashion-MNIST, with the quality of each beside its time (`node bench/run.mjs projection [items] [what ...]`,
 * where what is umap, tsne, umap-js).
 */
import { Kernels } from '../src/trainer/kernels/kernels';
import { approximateNeighbours } from '../src/trainer/neighbours/approximate';
import type { Layout } from '../src/trainer/projection/layout';
import { principalPositions } from '../src/trainer/projection/projector';
import { spectralPositions } from '../src/trainer/projection/spectral';
import { neighboursFor, pairProbabilities, shrunk, TsneKernels } from '../src/trainer/projection/tsneKernels';
import { fuzzyGraphByKernels, UmapKernels } from '../src/trainer/projection/umapKernels';
import { epochsFor, startPositions, UmapLayout } from '../src/trainer/projection/umapLayout';
import { Random } from '../src/trainer/random';
import { fashion } from './projection/fashion';

const [count = '60000', ...wanted] = process.argv.slice(2);
const items = Number(count);
const what = wanted.length > 0 ? wanted : ['umap', 'tsne'];

void (async () => {
  const { data, labels } = await fashion(items);
  const matrix = { data, rows: items, dims: 784 };
  const kernels = await Kernels.start();
  const neighbours = (k: number) => approximateNeighbours(kernels, matrix, { k, metric: 'euclidean', seed: 1 });
  const near = timed('15 neighbours', () => neighbours(15));
  console.log(`recall ${near.recall.toFixed(4)}`);
  const start = timed('start by PCA', () => principalPositions(matrix, 'start'));
  if (what.includes('spectral')) {
    const graph = fuzzyGraphByKernels(kernels, near);
    const spectral = timed('spectral start', () => spectralPositions(kernels, graph, start));
    quality(
      timed('UMAP from there', () => {
        const from = startPositions(spectral, new Random(1).fork('umap'));
        return finished(new UmapKernels(kernels, graph, from, 2, { epochs: epochsFor(items), minDist: 0.1, seed: 1 }));
      }),
    );
  }
  if (what.includes('umap'))
    quality(
      timed('UMAP', () => {
        const graph = fuzzyGraphByKernels(kernels, near);
        const from = startPositions(start, new Random(1).fork('umap'));
        return finished(new UmapKernels(kernels, graph, from, 2, { epochs: epochsFor(items), minDist: 0.1, seed: 1 }));
      }),
    );
  if (what.includes('tsne')) {
    const many = timed('90 neighbours', () => neighbours(neighboursFor(30, items)));
    console.log(`recall ${many.recall.toFixed(4)}`);
    quality(
      timed('t-SNE', () =>
        finished(new TsneKernels(kernels, pairProbabilities(kernels, many, 30), shrunk(start, new Random(1)))),
      ),
    );
  }
  if (what.includes('umap-js'))
    quality(timed('umap-js', () => finished(new UmapLayout(near, start, 0.1, new Random(1)))));
  await kernels.close();

  function timed<T>(name: string, work: () => T): T {
    const started = performance.now();
    const before = process.cpuUsage();
    const result = work();
    const used = process.cpuUsage(before).user / 1e6;
    console.log(
      `${name}: ${((performance.now() - started) / 1000).toFixed(2)} s (${used.toFixed(2)} s of processor time)`,
    );
    return result;
  }

  function finished(layout: Layout): Float64Array {
    while (layout.step() < layout.epochs);
    return layout.positions();
  }

  function quality(positions: Float64Array): void {
    const plane = approximateNeighbours(
      kernels,
      { data: Float32Array.from(positions), rows: items, dims: 2 },
      { k: 15, metric: 'euclidean', seed: 2 },
    );
    let kept = 0;
    let same = 0;
    for (let i = 0; i < items; i++) {
      const truth = new Set(near.indices.subarray(i * 15, i * 15 + 15));
      const votes = new Map<number, number>();
      for (let j = 0; j < 15; j++) {
        const other = plane.indices[i * 15 + j];
        if (truth.has(other)) kept++;
        votes.set(labels[other], (votes.get(labels[other]) ?? 0) + 1);
      }
      const [best] = [...votes].sort((x, y) => y[1] - x[1])[0];
      if (best === labels[i]) same++;
    }
    console.log(
      `  neighbours kept ${(kept / items / 15).toFixed(4)}, accuracy of 15 neighbours ${(same / items).toFixed(4)}`,
    );
  }
})();
