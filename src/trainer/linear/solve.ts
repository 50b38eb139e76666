import { RpcThread } from '../rpcThread';
import type { Pairs } from './itml';
import type { LinearMap } from './map';
import type { Moments } from './moments';
import type { ClosedForm, SolverProtocol } from './solverProtocol';

let thread: RpcThread<SolverProtocol> | undefined;

/** A closed form, solved in another thread. */
export function solve(method: ClosedForm, moments: Moments, size: number): Promise<LinearMap> {
  return solver().call('solve', { method, moments, size });
}

/** Information-theoretic metric learning, in another thread: the directions of the metric, one after the other. */
export function learnMetric(pairs: Pairs): Promise<Float64Array> {
  return solver().call('learnMetric', pairs);
}

function solver(): RpcThread<SolverProtocol> {
  thread ??= new RpcThread<SolverProtocol>('solverWorker', {
    what: 'linear algebra',
    ended: () => (thread = undefined),
  });
  return thread;
}
