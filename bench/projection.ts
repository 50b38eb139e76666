/**
 * Neighbours and layouts of Fashion-MNIST, with the quality of each beside its time:
 * `npm run bench:projection -- [--items N] [--what umap,tsne,umap-js] [--axes N] [--seeds K]`. Each layout begins from the same
 * neighbours and goes the way of the product (spectral start, 2 dimensions); umap-js is given them too, and is what the others are a ratio of.
 * With `--axes`, the pictures are first reduced to so many principal axes.
 */
import { parseArgs } from 'node:util';
import { Kernels } from '../src/trainer/kernels/kernels';
import { approximateNeighbours, type ApproximateNeighbours } from '../src/trainer/neighbours/approximate';
import { principalAxes, projectOnto } from '../src/trainer/projection/pca';
import { layOut, principalPositions } from '../src/trainer/projection/projector';
import { neighboursFor } from '../src/trainer/projection/tsneKernels';
import type { Matrix } from '../src/trainer/store/matrix';
import type { ProjectionSettings } from '../src/trainer/types/embedding';
import { fashion } from './projection/fashion';
import { qualityOf } from './projection/quality';

const { values } = parseArgs({
  options: {
    items: { type: 'string', default: '60000' },
    what: { type: 'string', default: 'umap,tsne' },
    axes: { type: 'string' },
    seeds: { type: 'string', default: '1' },
    settings: { type: 'string', default: '{}' },
  },
});
const PERPLEXITY = 30;
const LAYOUTS: Readonly<Record<string, Partial<ProjectionSettings>>> = {
  umap: {},
  'umap from PCA': { start: 'principal' },
  'umap-js': { implementation: 'umap-js' },
  tsne: { kind: 'tsne', perplexity: PERPLEXITY },
};
/** For the trustworthiness; as many again change it by about 0.0005. */
const ANCHORS = 1000;

interface Timed<T> {
  readonly result: T;
  readonly seconds: number;
  /** Of all threads. */
  readonly processor: number;
}

async function timed<T>(work: () => T | Promise<T>): Promise<Timed<T>> {
  const before = process.cpuUsage();
  const started = performance.now();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, seconds: (performance.now() - started) / 1000, processor: (user + system) / 1e6 };
}

async function main(): Promise<void> {
  const rows = Number(values.items);
  const { data, labels } = await fashion(rows);
  const vectors = reduced({ data, rows, dims: 784 });
  const kernels = await Kernels.start();
  const found = new Map<number, Timed<ApproximateNeighbours>>();
  const neighbours = async (k: number): Promise<Timed<ApproximateNeighbours>> => {
    const known =
      found.get(k) ?? (await timed(() => approximateNeighbours(kernels, vectors, { k, metric: 'euclidean', seed: 1 })));
    found.set(k, known);
    return known;
  };
  console.log(`${rows.toLocaleString('en')} x ${vectors.dims}\n`);
  console.log(
    '| map | neighbours, s | recall | layout, s | processor, s | times umap-js | trustworthiness | kept | accuracy |',
  );
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  let peer: number | undefined;
  const wanted = values.what.split(',');
  // The peer first: the others are told as its part.
  for (const what of wanted.toSorted((a, b) => Number(b === 'umap-js') - Number(a === 'umap-js')))
    for (let seed = 1; seed <= Number(values.seeds); seed++) {
      const near = await neighbours(what === 'tsne' ? neighboursFor(PERPLEXITY, rows) : 14);
      const settings: ProjectionSettings = {
        ...{ kind: 'umap', neighbours: 15, minDist: 0.1, seed },
        ...LAYOUTS[what],
        ...(JSON.parse(values.settings) as object),
      };
      const layout = await timed(async () => {
        const principal = principalPositions(vectors, 'start');
        return layOut(near.result, { principal }, settings, () => undefined);
      });
      const truth = (await neighbours(14)).result;
      const quality = qualityOf(kernels, vectors, layout.result.positions, { near: truth, labels, anchors: ANCHORS });
      if (what === 'umap-js') peer = layout.seconds;
      console.log(
        `| ${[
          what,
          near.seconds.toFixed(1),
          near.result.recall.toFixed(3),
          layout.seconds.toFixed(1),
          (near.processor + layout.processor).toFixed(1),
          peer === undefined ? '' : (layout.seconds / peer).toFixed(2),
          quality.trustworthiness.toFixed(4),
          quality.kept.toFixed(3),
          quality.accuracy.toFixed(4),
        ].join(' | ')} |`,
      );
    }
  await kernels.close();
}

function reduced(vectors: Matrix): Matrix {
  if (values.axes === undefined) return vectors;
  const dims = Number(values.axes);
  const data = Float32Array.from(projectOnto(vectors, principalAxes(vectors, dims)));
  return { data, rows: vectors.rows, dims };
}

void main().then(() => process.exit(0));
