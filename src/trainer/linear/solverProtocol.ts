import type { Pairs } from './itml';
import type { LinearMap } from './map';
import type { Moments } from './moments';

/** What the thread of the closed forms is asked for. */
export interface SolverProtocol {
  solve: {
    params: { readonly method: ClosedForm; readonly moments: Moments; readonly size: number };
    progress: never;
    result: LinearMap;
  };
  /** The directions of the metric of these pairs, one after the other. */
  learnMetric: { params: Pairs; progress: never; result: Float64Array };
}

export type ClosedForm = 'pca' | 'whitening' | 'lda';
