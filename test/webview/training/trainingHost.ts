/** A host for the training panel: a run in the state that the address names, with a curve of `points`; a test sends what follows. */
import type { Handlers } from '../../../src/rpc/rpc';
import type { RunState, RunSummary } from '../../../src/trainer/protocol';
import type { HostProtocol } from '../../../src/webview/protocol';
import { startHost } from '../harness/hostPage';
import { plainSummary, standIns } from '../harness/standIns';
import { metrics, run } from './runs';

const query = new URLSearchParams(window.location.search);
const state = query.get('state-of-run') ?? 'running';
const points = Number(query.get('points') ?? 0);
const dataset = { root: '/data/emoji' };

let current: RunSummary | undefined;

function summary(): RunSummary | undefined {
  if (state === 'absent') return undefined;
  const curve = metrics(points);
  const best = curve.reduce<RunSummary['best']>(
    (a, { step, recallAt1 }) => (recallAt1 !== undefined && recallAt1 > (a?.recallAt1 ?? 0) ? { step, recallAt1 } : a),
    undefined,
  );
  current ??= run({
    state: state as RunState,
    step: points,
    best,
    ...(state === 'failed' ? { failure: { message: 'The device was lost.', remedy: 'Train on the CPU.' } } : {}),
    ...(state === 'finished'
      ? {
          problems: [{ path: 'train/x.png', reason: 'is cut short.', remedy: 'Replace the file.' }],
          deviceFault: { message: 'Card (CUDA) was lost, so the CPU went on.', remedy: 'Update its driver.' },
        }
      : {}),
  });
  return current;
}

const handlers: Handlers<HostProtocol> = {
  ...standIns,
  'panel.subject': () => ({ view: 'training', dataset, run: 'nt-xent-1' }),
  'training.stop': () => {
    current = current && { ...current, state: 'stopped' };
    return null;
  },
  'dataset.overview': () => ({
    summary: plainSummary(dataset.root, 'emoji', 3400),
    runs: [summary()].filter((one) => one !== undefined),
    embeddings: [],
    batches: [],
  }),
  'training.metrics': () => metrics(points),
};

startHost(handlers);
