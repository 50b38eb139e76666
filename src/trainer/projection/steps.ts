import { KindredError } from '../../rpc/errors';
import { Random } from '../random';
import { readNpy } from '../store/npy';
import { toFrame } from './frame';
import type { NearestNeighbours } from './fuzzyGraph';
import type { ProjectionJob } from './messages';
import { principalAxes, projectOnto, type Matrix, type PcaOptions } from './pca';
import { UmapLayout } from './umapLayout';

/** Milliseconds between two moving pictures. */
const FRAME_EVERY = 120;

/** Enough for a start; the picture of "PCA" itself is fitted to all rows, as far as they are this many numbers. */
const START: PcaOptions = { maxRows: 2048, iterations: 20, tolerance: 1e-6 };
const MOST_VALUES = 1 << 26;

export interface Frame {
  /** 0 of 0 for the first picture, which comes before UMAP begins. */
  readonly epoch: number;
  readonly epochs: number;
  readonly secondsLeft: number;
  /** As `toFrame` gives it. */
  readonly positions: Float32Array;
}

/**
 * The whole of a projection, without the thread that it runs in.
 * @param neighbours for UMAP; asked for after the first frame
 * @returns final positions, as `toFrame` gives them
 */
export async function runProjection(
  { file, settings }: ProjectionJob,
  neighbours: Promise<NearestNeighbours>,
  show: (frame: Frame) => void,
): Promise<Float32Array> {
  const matrix = await readMatrix(file);
  if (settings.kind === 'pca' || !isLaidOut(matrix.rows))
    return toFrame(principalPositions(matrix, { maxRows: Math.max(1, Math.floor(MOST_VALUES / matrix.dims)) }));
  const start = principalPositions(matrix, START);
  show({ epoch: 0, epochs: 0, secondsLeft: 0, positions: toFrame(start) });
  const random = new Random(settings.seed).fork('umap');
  return toFrame(layOut(new UmapLayout(await neighbours, start, settings.minDist, random), show));
}

/** UMAP needs an item with at least two neighbours and one that is none; fewer items are shown by PCA. */
export function isLaidOut(items: number): boolean {
  return items >= 4;
}

async function readMatrix(file: string): Promise<Matrix> {
  const { data, shape } = await readNpy(file);
  const [rows = 0, dims = 0] = shape;
  if (data instanceof Float32Array && shape.length === 2) return { data, rows, dims };
  throw new KindredError('bad-input', `${file} is no embedding.`, { remedy: 'Compute it again.', path: file });
}

function principalPositions(matrix: Matrix, options: PcaOptions): Float64Array {
  if (matrix.rows === 0 || matrix.dims === 0) return new Float64Array(2 * matrix.rows);
  return projectOnto(matrix, principalAxes(matrix, 2, options));
}

function layOut(layout: UmapLayout, show: (frame: Frame) => void): Float64Array {
  const started = performance.now();
  let shown = started;
  for (let epoch = 0; epoch < layout.epochs;) {
    epoch = layout.step();
    const now = performance.now();
    if (now - shown < FRAME_EVERY) continue;
    shown = now;
    const secondsLeft = ((now - started) / 1000 / epoch) * (layout.epochs - epoch);
    show({ epoch, epochs: layout.epochs, secondsLeft, positions: toFrame(layout.positions()) });
  }
  return layout.positions();
}
