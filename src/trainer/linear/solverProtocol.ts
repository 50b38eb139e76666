import type { LinearMap } from './map';
import type { Moments } from './moments';

/** What the thread of the closed forms is asked for. */
export interface SolverProtocol {
  solve: {
    params: { readonly method: ClosedForm; readonly moments: Moments; readonly size: number };
    progress: never;
    result: LinearMap;
  };
}

export type ClosedForm = 'pca' | 'whitening' | 'lda';
