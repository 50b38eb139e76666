import { KindredError } from '../../rpc/errors';
import type { CallContext, Handlers } from '../../rpc/rpc';
import type { DatasetRef, TrainerProtocol } from '../../trainer/protocol';
import type { RelayedMethod } from '../../webview/protocol';
import { isDatasetRef, sameDataset } from '../datasets/datasetRef';
import type { SharedCalls } from './sharedCalls';
import { RELAYED } from './subject';

export interface RelayTarget {
  call<K extends RelayedMethod>(
    method: K,
    params: TrainerProtocol[K]['params'],
    options: { signal: AbortSignal; onProgress: (progress: TrainerProtocol[K]['progress']) => void },
  ): Promise<TrainerProtocol[K]['result']>;
}

export interface RelayOptions {
  readonly target: RelayTarget;
  /** The panel's dataset: the only one that its page may ask about. */
  readonly dataset: () => DatasetRef;
  readonly shared: SharedCalls;
  /** See `SharedCalls.join`. */
  readonly keep: (release: () => void) => boolean;
  /** Told after a call that changes what others show. */
  readonly onDone: (method: RelayedMethod, params: RelayedParams) => void;
}

/** Long, and the same for whoever asks. */
const SHARED: ReadonlySet<RelayedMethod> = new Set<RelayedMethod>(['embedding.compute', 'projection.run']);

type RelayedParams = TrainerProtocol[RelayedMethod]['params'];

type Relayed = Pick<Handlers<TrainerProtocol>, RelayedMethod>;

/** Handlers that pass a page's call on to the trainer as it is, with its progress and cancellation. */
export function relays(options: RelayOptions): Relayed {
  const names = Object.keys(RELAYED) as RelayedMethod[];
  // One generic handler for all; that each method gets its own types is checked by the protocol on both sides.
  return Object.fromEntries(names.map((method) => [method, relay(method, options)])) as unknown as Relayed;
}

function relay(method: RelayedMethod, options: RelayOptions) {
  const start = (params: RelayedParams, context: CallContext<unknown>): Promise<unknown> =>
    options.target.call(method, params, { signal: context.signal, onProgress: context.report });
  return async (params: unknown, context: CallContext<unknown>): Promise<unknown> => {
    assertDataset(params, options.dataset());
    const result = SHARED.has(method)
      ? await options.shared.join(JSON.stringify([method, params]), (own) => start(params, own), context, options.keep)
      : await start(params, context);
    options.onDone(method, params);
    return result;
  };
}

function assertDataset(params: unknown, expected: DatasetRef): asserts params is RelayedParams {
  const dataset = typeof params === 'object' && params !== null ? (params as { dataset?: unknown }).dataset : undefined;
  if (isDatasetRef(dataset) && sameDataset(dataset, expected)) return;
  throw new KindredError('invalid-argument', 'A panel may ask about its own dataset only.');
}
