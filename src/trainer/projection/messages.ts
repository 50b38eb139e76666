/** What passes between `project` and its worker thread. */
import type { ErrorData } from '../../rpc/errors';
import type { ProjectionSettings } from '../types/embedding';
import type { NearestNeighbours } from './fuzzyGraph';
import type { Frame } from './steps';

/** The worker reads the rows itself, so that the main thread does not copy them. */
export interface ProjectionJob {
  /** The embedding's `.npy` file. */
  readonly file: string;
  readonly settings: ProjectionSettings;
}

/** Sent once to a worker whose job is UMAP, as soon as they are known. */
export type NeighboursMessage = NearestNeighbours;

export type ProjectionMessage =
  | ({ readonly kind: 'frame' } & Frame)
  | { readonly kind: 'done'; readonly positions: Float32Array }
  | { readonly kind: 'failed'; readonly error: ErrorData };
