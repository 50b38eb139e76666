import { RpcThread } from '../rpcThread';
import type { LinearMap } from './map';
import type { Moments } from './moments';
import type { ClosedForm, SolverProtocol } from './solverProtocol';

let thread: RpcThread<SolverProtocol> | undefined;

/** A closed form, solved in another thread. */
export function solve(method: ClosedForm, moments: Moments, size: number): Promise<LinearMap> {
  thread ??= new RpcThread<SolverProtocol>('solverWorker', {
    what: 'linear algebra',
    ended: () => (thread = undefined),
  });
  return thread.call('solve', { method, moments, size });
}
