/** Entry of the thread that computes a projection: see `project`. It reads the rows itself, so that nobody copies them. */
import { parentPort } from 'node:worker_threads';
import { type NoMethods, Rpc } from '../../rpc/rpc';
import { Kernels } from '../kernels/kernels';
import { threadPort } from '../engine/onnx/threadPort';
import { readMatrix } from '../store/matrix';
import { checkpointInterval } from '../training/checkpoint';
import type { MapDims, ProjectionSettings } from '../types/embedding';
import type { Progress } from '../types/progress';
import { type CheckpointPlace, readCheckpoint, writeCheckpoint } from './checkpoint';
import { toFrame } from './frame';
import type { NearestNeighbours } from './fuzzyGraph';
import type { LayoutState } from './layout';
import { type KnownPlaces, placeItems, placeOnAxes } from './placing';
import { type Frame, layOut, principalPicture, principalPositions } from './projector';

/** What the thread is asked for: first where the items lie by PCA, then, of other kinds, to lay them out from there; or to place new items. */
export interface ProjectionThread {
  principal: {
    params: {
      readonly file: string;
      readonly dims: MapDims;
      readonly purpose: 'picture' | 'start';
      readonly checkpoint: CheckpointPlace;
    };
    progress: never;
    /** `axes` for a picture: see `principalPicture`. `resumed`: where a layout was broken off instead. */
    result: { readonly positions: Float32Array; readonly axes?: Float32Array; readonly resumed?: boolean };
  };
  layOut: {
    params: {
      readonly nearest: NearestNeighbours;
      readonly settings: ProjectionSettings;
      /** Positions of the map that this one begins from and is turned to. */
      readonly like: Float32Array | undefined;
      /** Code of each item's label, where the labels pull. */
      readonly labels: Int32Array | undefined;
      readonly checkpoint: CheckpointPlace;
    };
    progress: Frame;
    result: { readonly positions: Float32Array; readonly scale: number };
  };
  /** Gives positions of the fresh items. */
  place: {
    params: {
      readonly file: string;
      readonly map: KnownPlaces;
      readonly settings: ProjectionSettings;
      readonly axes: Float32Array | undefined;
    };
    progress: Progress;
    result: Float32Array;
  };
}

let principal: Float64Array = new Float64Array(0);
let resumed: LayoutState | undefined;

new Rpc<ProjectionThread, NoMethods>(threadPort(parentPort!), {
  principal: async ({ file, dims, purpose, checkpoint }) => {
    const matrix = await readMatrix(file);
    if (purpose === 'picture') return principalPicture(matrix, dims);
    resumed = await readCheckpoint(checkpoint);
    if (resumed?.positions.length === matrix.rows * dims) {
      principal = Float64Array.from(resumed.positions);
      return { positions: toFrame(principal, dims), resumed: true };
    }
    resumed = undefined;
    principal = principalPositions(matrix, purpose, dims);
    return { positions: toFrame(principal, dims) };
  },
  layOut: async ({ nearest, settings, like, labels, checkpoint }, { report }) => {
    const wished = { ...(like === undefined ? {} : { like }), ...(labels === undefined ? {} : { labels }) };
    const write = (state: LayoutState): Promise<void> => writeCheckpoint(checkpoint, state);
    return layOut(nearest, { principal, resumed, ...wished }, settings, report, { every: checkpointInterval(), write });
  },
  place: async ({ file, map, settings, axes }, { report }) => {
    const matrix = await readMatrix(file);
    if (axes !== undefined) return placeOnAxes(matrix, map.fresh, axes);
    return placeItems(await Kernels.start(), matrix, map, settings, report);
  },
});
