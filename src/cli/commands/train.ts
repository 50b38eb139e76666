import { Option, type Command } from 'commander';
import { adviceOf, isCancelled, KindredError } from '../../rpc/errors';
import type {
  DatasetRef,
  HoldOut,
  LossSettings,
  PresetWish,
  RunSummary,
  TrainingProgress,
  TrainingSettings,
} from '../../trainer/protocol';
import { isFitted } from '../../trainer/training/features/fittedRun';
import { lossFor } from '../../trainer/training/suggest';
import { addDeviceOptions, applyDeviceOptions, type DeviceOptions } from '../devices';
import { EXIT } from '../exitCodes';
import { number, seed, whole } from '../options';
import { problemsText } from '../problems';
import type { Running } from '../running';
import type { CommonOptions, Session } from '../session';
import { percent } from '../table';
import { addAugmentation, type AugmentationOptions, augmentationWith } from './augmentationOptions';
import { addFeatures, type FeatureOptions, featuresWith } from './featureOptions';
import { addLoss, lossOptionOf, type LossOptions, lossWith } from './lossOptions';
import { addModel, type ModelOptions, modelWith } from './modelOptions';
import { addPreset } from './presetOptions';

interface Options extends CommonOptions, AugmentationOptions, DeviceOptions, FeatureOptions, LossOptions, ModelOptions {
  readonly steps?: number;
  readonly minutes?: number;
  readonly seed?: number;
  readonly name?: string;
  readonly size?: number;
  readonly imageSize?: number;
  readonly classes?: number;
  readonly perClass?: number;
  readonly learningRate?: number;
  readonly heldOut?: HoldOut;
  readonly heldOutShare?: number;
  readonly resume?: string;
  readonly preset?: PresetWish;
}

const EXAMPLES = `
What is not given is taken from kindred.json, or chosen from the dataset.

Examples:
  kindred train photos
  kindred train photos --minutes 3 --seed 1 --name first
  kindred train photos --loss triplet --miner batch-hard --margin 0.2 --steps 2000
  kindred train photos --loss multi-similarity --miner multi-similarity --per-class 4
  kindred train photos --loss contrastive --distance snr --memory 1024
  kindred train photos --model-size medium --head mlp
  kindred train photos --model vit --optimiser adamw --clip-norm 1
  kindred train photos --held-out class --held-out-share 0.2
  kindred train photos --no-flip --rotate 15 --blur 0.2 --erase 0.2
  kindred train photos --features descriptor
  kindred train photos --features vectors:clip --method whitening
  kindred train products --label-column colour --label-column material
  kindred train animals --super-class "folder 1"
  kindred train photos --preset few-samples
  kindred train photos --resume first`;

export function addTrain(program: Command, running: Running): void {
  const command = program
    .command('train')
    .description('train an embedding model (Ctrl-C stops it; the run is kept and can go on)')
    .addOption(
      new Option('--steps <n>', 'how long, in steps (the same every time)')
        .argParser(whole(1, 10_000_000))
        .conflicts('minutes'),
    )
    .option('--minutes <n>', 'how long, in minutes', number(0.01, 10_080))
    .option('--seed <n>', 'of all randomness: the same seed, settings and steps give the same model', seed)
    .option('--name <name>', 'of the run')
    .option('--size <n>', 'numbers in an embedding', whole(1, 4096))
    .option('--image-size <pixels>', 'width and height that the network sees', whole(16, 256))
    .option('--classes <n>', 'classes in a batch', whole(2, 512))
    .option('--per-class <n>', 'items of each class in a batch', whole(2, 512))
    .option('--learning-rate <number>', 'how large the steps are', number(1e-7, 1))
    .addOption(new Option('--held-out <by>', 'what training never sees').choices(['auto', 'class', 'item', 'split']))
    .option('--held-out-share <share>', 'share of the classes or items that is held out', number(0.01, 0.9))
    .option('--resume <run>', 'go on with a run that was stopped')
    .addHelpText('after', EXAMPLES);
  addLoss(command);
  addModel(command);
  addFeatures(command);
  addAugmentation(command);
  addPreset(command);
  addDeviceOptions(command);
  running.serve(command, async (session) => {
    const options = command.opts<Options>();
    applyDeviceOptions(options);
    await session.open();
    const summary = await trained(session, options);
    const code = summary.problems.length > 0 ? EXIT.problems : EXIT.fine;
    return { code, document: { run: summary }, text: runText(summary) };
  });
}

async function trained(session: Session, options: Options): Promise<RunSummary> {
  const dataset = session.ref;
  let run = options.resume ?? '';
  const onProgress = (progress: TrainingProgress): void => {
    run = progress.run;
    const { metrics } = progress;
    const recall = metrics?.recallAt1 === undefined ? '' : `, Recall@1 ${percent(metrics.recallAt1)}`;
    session.showProgress(progress, metrics ? `, loss ${metrics.loss.toFixed(3)}${recall}` : '');
  };
  try {
    refuseUnusedLoss(options);
    if (options.resume !== undefined) return await session.call('training.resume', { dataset, run }, onProgress);
    const features = options.features === undefined ? undefined : await session.model(options.features);
    const { settings } = await session.call('training.suggest', {
      dataset,
      ...(features === undefined ? {} : { features }),
      ...(options.preset === undefined ? {} : { preset: options.preset }),
      ...(options.labelColumn === undefined ? {} : { labelColumns: options.labelColumn }),
      network: Object.keys(options).some((name) => !ANY_WAY.has(name)),
    });
    const given = featuresWith(options, features);
    const base = { ...settings, loss: usualLoss(settings, { ...settings, ...given }) };
    const own = { ...withOptions(base, options), ...learnedLayer(base, options), ...given };
    return await session.call('training.run', { dataset, settings: own }, onProgress);
  } catch (error) {
    if (!isCancelled(error) || run === '') throw error;
    const { runs } = await session.call('dataset.overview', { dataset });
    const isKept = runs.some(({ name }) => name === run);
    throw new KindredError('cancelled', `The training "${run}" was stopped.`, {
      remedy: isKept ? howToGoOn(dataset, run) : 'It had not made a step yet, so nothing of it is kept.',
    });
  }
}

/** Options that leave open how is learned. */
const ANY_WAY: ReadonlySet<string> = new Set([
  ...['json', 'store', 'quiet', 'engine', 'device'],
  ...['name', 'seed', 'size', 'heldOut', 'heldOutShare', 'labelColumn'],
]);

function howToGoOn(dataset: DatasetRef, run: string): string {
  const store = dataset.store === undefined ? '' : ` --store ${dataset.store}`;
  return `The run "${run}" is kept. Go on with: kindred train ${dataset.root}${store} --resume ${run}`;
}

/** A supervision that the options name, and kindred.json does not, brings the loss that suits it. */
function usualLoss(before: TrainingSettings, { supervision }: TrainingSettings): LossSettings {
  return (supervision === before.supervision ? undefined : lossFor(supervision)) ?? before.loss;
}

/** A loss that the options name, and no method beside it, trains a linear layer on features that would be computed without one. */
function learnedLayer(
  { features, model }: TrainingSettings,
  { features: wished, loss, method, supervision, pairs }: Options,
): Pick<TrainingSettings, 'model'> {
  const named = loss !== undefined || pairs !== undefined || supervision === 'pairs';
  if (!named || method !== undefined || (features ?? wished) === undefined || model?.kind !== 'linear') return {};
  return { model: { kind: 'linear', method: 'gradient' } };
}

/** @throws KindredError `invalid-argument` for a loss beside a method that computes the layer without one */
function refuseUnusedLoss({ method, ...options }: Options): void {
  const option = lossOptionOf(options);
  if (method === undefined || method === 'gradient' || option === undefined) return;
  throw new KindredError(
    'invalid-argument',
    `The method ${method} computes the layer without a loss: ${option} would do nothing.`,
    {
      remedy: `Leave ${option} out, or train the layer by the loss with --method gradient.`,
    },
  );
}

function withOptions(base: TrainingSettings, options: Options): TrainingSettings {
  const budget = options.steps
    ? { steps: options.steps }
    : options.minutes
      ? { minutes: options.minutes }
      : base.budget;
  return {
    ...base,
    ...modelWith(base, options),
    loss: lossWith(base.loss, options),
    budget,
    name: options.name ?? base.name,
    seed: options.seed ?? base.seed,
    embeddingSize: options.size ?? base.embeddingSize,
    imageSize: options.imageSize ?? base.imageSize,
    batch: batchWith(base.batch, options),
    learningRate: options.learningRate ?? base.learningRate,
    augmentation: augmentationWith(base.augmentation, options),
    holdOut: options.heldOut ?? base.holdOut,
    holdOutFraction: options.heldOutShare ?? base.holdOutFraction,
  };
}

function batchWith(base: TrainingSettings['batch'], options: Options): TrainingSettings['batch'] {
  const { classes = base.classes, perClass = base.perClass, superClasses } = options;
  return { ...base, classes, perClass, ...(superClasses === undefined ? {} : { superClasses }) };
}

export function runText({
  name,
  state,
  step,
  steps,
  best,
  modality = 'image',
  baselineRecallAt1,
  heldOut,
  device,
  deviceFault,
  problems,
  settings,
  verdict,
}: RunSummary): string {
  const how = isFitted(settings)
    ? '; the layer is computed in one piece, without a loss,'
    : ` after ${step} of ${steps} steps`;
  const lines = [`Run "${name}": ${state}${how} on ${device}.`];
  if (deviceFault) lines.push(adviceOf(deviceFault));
  if (verdict) lines.push(verdict.words);
  else if (best) {
    const baseline =
      baselineRecallAt1 === undefined
        ? ''
        : ` (${modality === 'text' ? 'words and n-grams' : 'raw pixels'}: ${percent(baselineRecallAt1)})`;
    lines.push(`Recall@1 on ${heldOut.items} ${modality}s that it never saw: ${percent(best.recallAt1)}${baseline}.`);
  }
  return lines.join('\n') + problemsText(problems);
}
