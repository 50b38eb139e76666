/**
 * How neighbours and UMAP grow with the number of items (`node bench/run.mjs growth [items ...] [--plot file.svg]`): 64 numbers an item,
 * around 200 centres; each size in a process of its own, so that its memory is its own.
 */
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Kernels } from '../src/trainer/kernels/kernels';
import { approximateNeighbours } from '../src/trainer/neighbours/approximate';
import { principalPositions } from '../src/trainer/projection/projector';
import { fuzzyGraphByKernels, UmapKernels } from '../src/trainer/projection/umapKernels';
import { epochsFor, startPositions } from '../src/trainer/projection/umapLayout';
import { Random } from '../src/trainer/random';
import type { Matrix } from '../src/trainer/store/matrix';
import { type Growth, growthPlot } from './projection/growthPlot';

const DIMS = 64;
const CENTRES = 200;
/** Directions in which items differ around their centre. */
const INNER = 12;
const SIZES = [1000, 10_000, 100_000, 1_000_000];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { one: { type: 'boolean', default: false }, plot: { type: 'string' } },
});
if (values.one) void measure(Number(positionals[0]));
else void table(positionals.length === 0 ? SIZES : positionals.map(Number));

async function table(sizes: readonly number[]): Promise<void> {
  console.log('| items | neighbours, s | recall | UMAP, s | memory, MB |\n| ---: | ---: | ---: | ---: | ---: |');
  const rows: Growth[] = [];
  for (const items of sizes) {
    const { stdout } = spawnSync(process.execPath, [__filename, '--one', String(items)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
    });
    const row = JSON.parse(stdout) as Growth;
    rows.push(row);
    const { neighbours, recall, umap, memory } = row;
    const cells = [
      items.toLocaleString('en'),
      neighbours.toFixed(1),
      recall.toFixed(3),
      umap.toFixed(1),
      memory.toFixed(0),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
  if (values.plot !== undefined) await writeFile(values.plot, growthPlot(rows));
}

function made(items: number): Matrix {
  const random = new Random(1);
  const centres = Float32Array.from({ length: CENTRES * DIMS }, () => random.normal());
  const axes = Float32Array.from({ length: INNER * DIMS }, () => 0.3 * random.normal());
  const data = new Float32Array(items * DIMS);
  for (let item = 0; item < items; item++) {
    const centre = random.integer(CENTRES) * DIMS;
    const row = item * DIMS;
    for (let d = 0; d < DIMS; d++) data[row + d] = centres[centre + d];
    for (let axis = 0; axis < INNER; axis++) {
      const weight = random.normal();
      for (let d = 0; d < DIMS; d++) data[row + d] += weight * axes[axis * DIMS + d];
    }
  }
  return { data, rows: items, dims: DIMS };
}

async function measure(items: number): Promise<void> {
  const matrix = made(items);
  const kernels = await Kernels.start();
  const started = performance.now();
  const nearest = approximateNeighbours(kernels, matrix, { k: 14, metric: 'euclidean', seed: 1 });
  const found = performance.now();
  const start = startPositions(principalPositions(matrix, 'start'), new Random(1));
  const graph = fuzzyGraphByKernels(kernels, nearest);
  const layout = new UmapKernels(kernels, graph, start, 2, { epochs: epochsFor(items), minDist: 0.1, seed: 1 });
  while (layout.step() < layout.epochs);
  const row: Growth = {
    items,
    neighbours: (found - started) / 1000,
    recall: nearest.recall,
    umap: (performance.now() - found) / 1000,
    memory: process.resourceUsage().maxRSS / 1000,
  };
  console.log(JSON.stringify(row));
  await kernels.close();
}
