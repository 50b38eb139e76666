import { CLASS_LOSS_HELP, CLASS_LOSS_NAMES, classLossWords } from './classLossWords';
import { isPairLoss, PAIR_LOSS_HELP, PAIR_LOSS_NAMES, pairLossWords } from './pairLossWords';
import { isFitted } from './runPhase';
import type { LossSettings, RunSummary, TrainingSettings } from '../../trainer/protocol';

/** One setting of the run, in words, with why it matters. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly help: string;
}

const MODEL_WORDS = {
  convnet: 'Residual convolutional network',
  separable: 'Depthwise-separable convolutional network',
  vit: 'Vision transformer',
  mlp: 'Multilayer perceptron',
  linear: 'Linear layer',
  'ngram-bag': 'Embedding bag of n-grams',
  'text-convnet': 'One-dimensional convolutional network',
} as const;

const METHOD_WORDS = {
  gradient: '',
  pca: ' by principal axes',
  whitening: ' by whitening',
  lda: ' by discriminant analysis',
  nca: ' by neighbourhood component analysis',
  lmnn: ' by large margins (LMNN)',
  itml: ' by information-theoretic metric learning',
  mmc: ' by the metric for clustering',
} as const;

const HEAD_WORDS = { linear: '', mlp: ', a head with a hidden layer', none: ', without a head' } as const;

function networkWords({ model, features, imageSize, embeddingSize }: TrainingSettings): string {
  if (features !== undefined) {
    const method = model?.kind === 'linear' ? METHOD_WORDS[model.method] : '';
    return `${MODEL_WORDS[model?.kind ?? 'linear']}${method} on the embedding ${features}, ${embeddingSize} numbers out`;
  }
  const { kind, ...sizes } = model ?? { kind: 'convnet' as const };
  const size = 'size' in sizes ? `, ${sizes.size}` : '';
  const head = 'head' in sizes ? HEAD_WORDS[sizes.head] : '';
  if (kind === 'ngram-bag' || kind === 'text-convnet') {
    return `${MODEL_WORDS[kind]}${head}, texts in, ${embeddingSize} numbers out`;
  }
  return `${MODEL_WORDS[kind]}${size}${head}, ${imageSize} × ${imageSize} pixels in, ${embeddingSize} numbers out`;
}

/** The loss without its numbers: "Triplet". */
function lossName(loss: Exclude<LossSettings, { kind: 'sum' }>): string {
  return isPairLoss(loss) ? PAIR_LOSS_NAMES[loss.kind] : CLASS_LOSS_NAMES[loss.kind];
}

/** "2 × Triplet"; parts of one kind and weight are numbered. */
export function partNames(loss: LossSettings): string[] {
  if (loss.kind !== 'sum') return [];
  const names = loss.parts.map(({ weight, loss: part }) =>
    weight === 1 ? lossName(part) : `${weight} × ${lossName(part)}`,
  );
  return names.map((name, place) => {
    if (names.indexOf(name) === names.lastIndexOf(name)) return name;
    return `${name} (${names.slice(0, place + 1).filter((other) => other === name).length})`;
  });
}

/** What a run has to beat, by name. */
export function baselineName({ settings, modality }: RunSummary): string {
  if (settings.features !== undefined) return 'the frozen features';
  return modality === 'text' ? 'words and n-grams' : 'raw pixels';
}

export function lossWords(loss: LossSettings): string {
  if (loss.kind === 'sum') {
    return loss.parts.map(({ weight, loss: part }) => `${weight} × (${lossWords(part)})`).join(' + ');
  }
  return isPairLoss(loss) ? pairLossWords(loss) : classLossWords(loss);
}

const LOSS_HELP = {
  ...PAIR_LOSS_HELP,
  ...CLASS_LOSS_HELP,
  sum: 'Several losses at once, each times its weight.',
} as const;

function augmentationWords({ augmentation }: TrainingSettings): string {
  const { crop, flip, colour, grey, hue = 0, rotate = 0, scale = 0, blur = 0, erase = 0, dropWords = 0 } = augmentation;
  const parts: string[] = [];
  if (crop < 1) parts.push(`crops down to ${Math.round(crop * 100)}%`);
  if (flip) parts.push('mirrored');
  if (rotate > 0) parts.push(`turned up to ${rotate}°`);
  if (scale > 0) parts.push(`scaled ±${Math.round(scale * 100)}%`);
  if (colour > 0) parts.push(`colours ±${Math.round(colour * 100)}%`);
  if (hue > 0) parts.push(`hue ±${Math.round(hue * 360)}°`);
  if (grey > 0) parts.push(`grey ${Math.round(grey * 100)}%`);
  if (blur > 0) parts.push(`blurred ${Math.round(blur * 100)}%`);
  if (dropWords > 0) parts.push(`words left out ${Math.round(dropWords * 100)}%`);
  if (erase > 0) parts.push(`a part erased ${Math.round(erase * 100)}%`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function budgetWords(settings: TrainingSettings): string {
  return 'steps' in settings.budget ? `${settings.budget.steps} steps` : `${settings.budget.minutes} minutes`;
}

/** The settings of a run, as a person would tell them: those that played a part. */
export function settingsFacts(run: RunSummary): Fact[] {
  const facts = allFacts(run);
  const unused = isFitted(run.settings) ? OF_STEPS : run.settings.features === undefined ? [] : ['Augmentation'];
  return facts.filter(({ name }) => !unused.includes(name));
}

/** Facts of a training in steps, which a layer that is computed in one piece has not. */
const OF_STEPS: readonly string[] = ['Loss', 'Batch', 'Augmentation', 'Learning rate', 'Length'];

/** What says which items are the same; undefined where it is simply the dataset's labels, or that it has none. */
function supervisionWords(settings: TrainingSettings): string | undefined {
  const { supervision, pairs, labelColumns, sampling, superClass = '' } = settings;
  if (supervision === 'none') return 'two views of each item, no labels';
  if (supervision === 'pairs') return pairs === undefined ? 'pairs of the review' : `pairs of ${pairs} and the review`;
  const nearby = sampling === 'super-class' ? `, batches within the super-classes of ${superClass}` : '';
  if (labelColumns === undefined) return nearby === '' ? undefined : `labels${nearby}`;
  return `labels by ${labelColumns.join(' and ')}${nearby}`;
}

function allFacts(run: RunSummary): Fact[] {
  const { settings } = run;
  const images = settings.batch.classes * settings.batch.perClass;
  const supervision = supervisionWords(settings);
  const help = 'What says which items are the same.';
  return [
    ...(supervision === undefined ? [] : [{ name: 'Learned from', value: supervision, help }]),
    { name: 'Loss', value: lossWords(settings.loss), help: LOSS_HELP[settings.loss.kind] },
    {
      name: 'Batch',
      value: `${images} items: ${settings.batch.classes} classes, ${settings.batch.perClass} of each`,
      help: 'What the network sees in one step. Several of each class, so that there are pairs to pull together.',
    },
    {
      name: 'Network',
      value: networkWords(settings),
      help: 'Each item becomes a list of numbers, its embedding; alike items get alike numbers.',
    },
    {
      name: 'Augmentation',
      value: augmentationWords(settings),
      help: 'Random changes of each item, so that the network learns what does not matter.',
    },
    { name: 'Learning rate', value: String(settings.learningRate), help: 'How far each step goes.' },
    { name: 'Length', value: budgetWords(settings), help: 'When the training ends.' },
    { name: 'Seed', value: String(settings.seed), help: 'The same seed and settings give the same result.' },
    { name: 'Device', value: run.device, help: deviceHelp(run) },
  ];
}

/** What happened to the device that the run began with, and what can be done. */
export function deviceFaultWords({ message, remedy }: NonNullable<RunSummary['deviceFault']>): string {
  return `${message} ${remedy}`;
}

function deviceHelp({ deviceReason, deviceFault }: RunSummary): string {
  if (deviceFault) return deviceFaultWords(deviceFault);
  return deviceReason === undefined ? 'What computes.' : `What computes. ${deviceReason}`;
}

/** What was held out and why, for someone who has never trained a model. */
export function heldOutWords({ heldOut }: RunSummary): string {
  const items = `${heldOut.items.toLocaleString('en')} items`;
  switch (heldOut.by) {
    case 'class':
      return `${items} of ${heldOut.classes.toLocaleString('en')} classes are held out. The model never sees these classes; finding the right twin among them is the honest test.`;
    case 'item':
      return `${items} are held out. The model never sees these items; finding another of the same class among them is the honest test.`;
    case 'split':
      return `The ${items} of the test split are held out. The model never sees them; finding the right twin among them is the honest test.`;
  }
}

/** What the person did to the learning rate, and what follows from it. */
export function rateWords(changes: NonNullable<RunSummary['rateChanges']>): string {
  const parts = changes.map(
    ({ step, factor }) => `to ${factor} times the schedule after step ${step.toLocaleString('en')}`,
  );
  return `You changed the learning rate ${parts.join(', then ')}. Therefore the settings alone no longer repeat this run.`;
}
