/**
 * How long clusters and the quality of a map take: `node bench/run.mjs clusters 60000 128`. Items lie in groups of a mixture.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findClusters } from '../src/trainer/clusters/findClusters';
import type { Dataset } from '../src/trainer/dataset/dataset';
import { dataDigest } from '../src/trainer/embedding/digest';
import { Embedding } from '../src/trainer/embedding/embedding';
import { projectionQuality } from '../src/trainer/projectionQuality/projectionQuality';
import { neighbourGraph } from '../src/trainer/neighbours/graph';
import { Random } from '../src/trainer/random';
import { writeNpy } from '../src/trainer/store/npy';
import { storePaths } from '../src/trainer/store/paths';

const [rows = 60_000, dims = 128] = process.argv.slice(2).map(Number);
const GROUPS = 40;

async function main(): Promise<void> {
  const root = await mkdtemp(path.join(tmpdir(), 'kindred-clusters-'));
  const embedding = await mixture(path.join(root, 'rows.npy'));
  const dataset = { paths: storePaths({ root }), items: table() };
  const context = { signal: new AbortController().signal, report: () => undefined };
  const time = async (what: string, work: () => Promise<string>): Promise<void> => {
    const started = performance.now();
    const before = process.cpuUsage();
    const result = await work();
    const { user, system } = process.cpuUsage(before);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${what}: ${seconds} s (${((user + system) / 1e6).toFixed(1)} s of processor time); ${result}`);
  };
  try {
    await time('neighbours', async () => `k = ${(await neighbourGraph(dataset, embedding, 15, context)).k}`);
    for (const kind of ['leiden', 'hdbscan', 'kmeans'] as const)
      await time(kind, async () => {
        const { clusters, noise } = await findClusters(dataset, embedding, { kind, seed: 1 }, context);
        const whole = clusters.filter(({ parent }) => parent < 0);
        return `${whole.length} clusters, ${clusters.length - whole.length} parts, ${noise} items in none`;
      });
    const pca = { kind: 'pca', neighbours: 15, minDist: 0.1, seed: 1 } as const;
    await time('quality of a PCA', async () => {
      const { anchors, trustworthiness } = await projectionQuality(dataset, embedding, pca, context);
      const { value, low, high } = trustworthiness;
      return `${anchors} anchors, trustworthiness ${value.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`;
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function mixture(file: string): Promise<Embedding> {
  const random = new Random(1);
  const centres = Float32Array.from({ length: GROUPS * dims }, () => random.normal());
  const data = new Float32Array(rows * dims);
  for (let row = 0; row < rows; row++) {
    const group = random.integer(GROUPS);
    const values = data.subarray(row * dims, (row + 1) * dims);
    values.forEach((_, d) => (values[d] = centres[group * dims + d] + 0.7 * random.normal()));
    const norm = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    values.forEach((value, d) => (values[d] = value / norm));
  }
  await writeNpy(file, { data, shape: [rows, dims] });
  const summary = { id: 'pixels', model: 'pixels', count: rows, dims, created: '', file } as const;
  return new Embedding(summary, await dataDigest(data), data, rows, dims);
}

/** Of an unlabelled dataset. */
function table(): Dataset['items'] {
  const paths = Array.from({ length: rows }, (_, i) => `part ${i % 7}/picture ${i}.png`);
  const none = { name: 'label', categories: [], codes: new Int32Array(rows).fill(-1) };
  return { count: rows, paths, label: none, metadata: [] } as unknown as Dataset['items'];
}

void main();
