import { isGroup, valueAt, type Draft } from './draft';

/** Settings that play no part beside others, and why as a sentence; empty where that goes without saying. */
export interface Unused {
  readonly keys: ReadonlySet<string>;
  readonly why: string;
}

/** Of a training in steps on frozen features: nothing is read from images. */
const OF_ITEMS = ['imageSize', 'augmentation'];
/** Of a layer that is computed in one piece. */
const OF_STEPS = [
  ...['loss', 'budget', 'batch', 'learningRate', 'weightDecay', 'optimiser', 'schedule', 'clipNorm', 'earlyStop'],
  ...['sampling', 'superClass', 'classWeights'],
];

/** What the form leaves out while the draft is as it is. The values stay, for when they play a part again. */
export function unusedSettings(draft: Draft): Unused {
  const keys = new Set<string>();
  if (draft['supervision'] !== 'pairs') keys.add('pairs');
  if (draft['sampling'] !== 'super-class') for (const key of ['superClass', 'batch.superClasses']) keys.add(key);
  if (draft['features'] === undefined) return { keys, why: '' };
  for (const key of OF_ITEMS) keys.add(key);
  if (!isComputed(draft)) return { keys, why: 'Frozen features stay as they are: nothing is resized or varied.' };
  for (const key of OF_STEPS) keys.add(key);
  const why =
    'This layer is computed in one piece, in seconds: there is no loss, there are no steps, and nothing is varied.';
  return { keys, why };
}

function isComputed(draft: Draft): boolean {
  const { model } = draft;
  return isGroup(model) && model['kind'] === 'linear' && valueAt(draft, 'model.method') !== 'gradient';
}
