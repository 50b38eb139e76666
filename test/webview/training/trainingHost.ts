/** A host for the training panel: a run in the state that the address names, with a curve of `points`; a test sends what follows. */
import type { Handlers } from '../../../src/rpc/rpc';
import type { ItemDetail, RunState, RunSummary } from '../../../src/trainer/protocol';
import { settingsProblems } from '../../../src/trainer/training/settings';
import type { HostProtocol, TrainingPage } from '../../../src/webview/protocol';
import { startHost } from '../harness/hostPage';
import { plainSummary, standIns } from '../harness/standIns';
import { HEAD, metrics, PROBED, run, SECOND, SUM, THIRD } from './runs';

const query = new URLSearchParams(window.location.search);
const state = query.get('state-of-run') ?? 'running';
const points = Number(query.get('points') ?? 0);
const dataset = { root: '/data/emoji' };
const page = (query.get('page') ?? undefined) as TrainingPage | undefined;
/** Two finished runs beside the one that is shown, for comparing. */
const others = query.has('others') ? [run(SECOND), run(THIRD)] : [];

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
    ...(query.has('sum') ? { settings: { ...run().settings, loss: SUM } } : {}),
    ...(query.has('head') ? HEAD : {}),
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

function detail(item: number): ItemDetail {
  const path = `class ${item % 4}/${item}.png`;
  const label = `class ${item % 4}`;
  return { item, hash: '', path, label, split: undefined, bytes: 1, width: 64, height: 64, metadata: {} };
}

const handlers: Handlers<HostProtocol> = {
  ...standIns,
  'panel.subject': () => ({
    view: 'training',
    dataset,
    run: query.get('run') ?? 'nt-xent-1',
    ...(page === undefined ? {} : { page }),
  }),
  'panel.command': ({ command, run: name }) => {
    if (command === 'kindred.deleteRun') others.splice(0, others.length, ...others.filter((one) => one.name !== name));
    return null;
  },
  'training.control': ({ action }) => {
    const { rateChanges = [] } = current!;
    current = {
      ...current!,
      paused: action.kind === 'pause' || (action.kind === 'rate' && current!.paused === true),
      ...(action.kind === 'rate' ? { rateChanges: [...rateChanges, { step: points, factor: action.factor }] } : {}),
    };
    return null;
  },
  // The trainer's own rules, which need nothing but themselves.
  'training.check': ({ settings }) => settingsProblems(settings),
  'training.suggest': ({ preset }) =>
    preset !== undefined
      ? { settings: { ...run().settings, imageSize: 32 }, reasons: [`Preset ${preset}.`] }
      : { settings: run().settings, reasons: ['NT-Xent loss: it learns fastest.', '3 minutes.'] },
  'training.stop': () => {
    current = current && { ...current, state: 'stopped' };
    return null;
  },
  'dataset.overview': () => ({
    summary: plainSummary(dataset.root, 'emoji', 3400),
    runs: [...others, summary()].filter((one) => one !== undefined),
    embeddings: [],
    batches: [],
  }),
  'dataset.labelColumns': () => [
    { name: 'label', classes: 1700, items: 3400 },
    { name: 'group', classes: 9, items: 3400 },
  ],
  'training.probes': () => (query.has('probes') ? PROBED : []),
  'dataset.items': ({ items }) => items.map(detail),
  'dataset.thumbnails': ({ items }) => items.map(() => undefined),
  'training.metrics': ({ run: name }) => metrics(name === 'nt-xent-1' ? points : 500, name === 'triplet-2' ? 0.7 : 1),
};

startHost(handlers);
