import { KindredError } from '../../../rpc/errors';
import { callSite } from './callSite';

/** Fails the trace. A recorder calls it for those parameters of its kernel that it does not know. */
export function refuse(what: string): never {
  const site = callSite(new Error().stack);
  throw new KindredError(
    'engine',
    `The operation ${what} cannot be recorded${site === undefined ? '' : `; it was called at ${site}`}.`,
    { remedy: 'Write it with other operations, or add a recorder for it to the engine.' },
  );
}
