/** Entry of the thread in which closed forms are solved: eigenvectors of some hundred dimensions take seconds. */
import { parentPort } from 'node:worker_threads';
import { type NoMethods, Rpc } from '../../rpc/rpc';
import { threadPort } from '../engine/onnx/threadPort';
import { directionsOf, itml } from './itml';
import { shrinkageLda } from './lda';
import { pca, whitening } from './pca';
import type { ClosedForm, SolverProtocol } from './solverProtocol';
import type { LinearMap } from './map';
import type { Moments } from './moments';

const SOLVERS: Readonly<Record<ClosedForm, (moments: Moments, size: number) => LinearMap>> = {
  pca,
  whitening,
  lda: (moments, size) => shrinkageLda(moments, size),
};

new Rpc<SolverProtocol, NoMethods>(threadPort(parentPort!), {
  solve: ({ method, moments, size }) => SOLVERS[method](moments, size),
  learnMetric: (pairs) => directionsOf(itml(pairs).metric, pairs.dims),
});
