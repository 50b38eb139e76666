/** Entry of the thread that computes a projection: see `project`. It reads the rows itself, so that nobody copies them. */
import { parentPort } from 'node:worker_threads';
import { type NoMethods, Rpc } from '../../rpc/rpc';
import { threadPort } from '../engine/onnx/threadPort';
import { readMatrix } from '../store/matrix';
import type { MapDims, ProjectionSettings } from '../types/embedding';
import { toFrame } from './frame';
import type { NearestNeighbours } from './fuzzyGraph';
import { type Frame, layOut, principalPositions } from './projector';

/** What the thread is asked for: first where the items lie by PCA, then, of other kinds, to lay them out from there. */
export interface ProjectionThread {
  principal: {
    params: { readonly file: string; readonly dims: MapDims; readonly purpose: 'picture' | 'start' };
    progress: never;
    result: { readonly positions: Float32Array };
  };
  layOut: {
    params: {
      readonly nearest: NearestNeighbours;
      readonly settings: ProjectionSettings;
      /** Positions of the map that this one begins from and is turned to. */
      readonly like: Float32Array | undefined;
    };
    progress: Frame;
    result: { readonly positions: Float32Array };
  };
}

let principal: Float64Array = new Float64Array(0);

new Rpc<ProjectionThread, NoMethods>(threadPort(parentPort!), {
  principal: async ({ file, dims, purpose }) => {
    principal = principalPositions(await readMatrix(file), purpose, dims);
    return { positions: toFrame(principal, dims) };
  },
  layOut: async ({ nearest, settings, like }, { report }) => {
    const start = { principal, ...(like === undefined ? {} : { like }) };
    return { positions: await layOut(nearest, start, settings, report) };
  },
});
