/**
 * One training step of every model x loss x optimiser, as cases for any engine: loss, every gradient, every new state, compared with
 * TensorFlow.js's CPU backend. An engine's test file calls `describeParity(name, engine)`.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { cpuEngine } from '../../../src/trainer/engine/cpuEngine';
import type { Engine, HostTensors, Program } from '../../../src/trainer/engine/engine';
import { lossOf } from '../../../src/trainer/losses/lossOf';
import { modelOf, type NetworkSettings } from '../../../src/trainer/models/modelOf';
import { Random } from '../../../src/trainer/random';
import { gradientsOf } from '../../../src/trainer/training/gradients';
import {
  drawNoise,
  noiseOf,
  hostScalar,
  inferenceProgram,
  initialState,
  initialWeights,
  type StepSettings,
  trainingStep,
} from '../../../src/trainer/training/step';
import { DEFAULT_LOSSES } from '../../../src/trainer/training/choices';
import { optimiserOf } from '../../../src/trainer/training/optimiser';
import type { LossSettings, ModelSettings, OptimiserSettings } from '../../../src/trainer/types/training';
import { runOnce } from './parity';

const BATCH = 8;
const SIZE = 16;
const DIMS = 6;
const STEP = 2;

/** The bound of the comparison, relative to the largest element of a tensor. */
export const TOLERANCE = 1e-4;

export const MODEL_CASES: Readonly<Record<string, Pick<NetworkSettings, 'model' | 'vectorSize'>>> = {
  convnet: { model: { kind: 'convnet' } },
  'convnet, medium': { model: { kind: 'convnet', size: 'medium', head: 'mlp' } },
  separable: { model: { kind: 'separable' } },
  vit: { model: { kind: 'vit', patch: 8, width: 12, depth: 2, heads: 3, dropout: 0.25 } },
  mlp: { model: { kind: 'mlp', width: 10, depth: 2, dropout: 0.25 }, vectorSize: 9 },
  'ngram-bag': { model: { kind: 'ngram-bag', buckets: 40, width: 10 } },
  'text-convnet': { model: { kind: 'text-convnet', length: 32, width: 8, head: 'mlp' } },
  'mlp on pixels': { model: { kind: 'mlp', width: 10, depth: 1, dropout: 0 } satisfies ModelSettings },
};

/** Wider than usual, so that a batch of random embeddings has such pairs. */
const PAIRS = { kind: 'pair-margin', positiveMargin: 0.2, negativeMargin: 1.5 } as const;

export const LOSS_CASES: Readonly<Record<string, LossSettings>> = {
  contrastive: { kind: 'contrastive', positiveMargin: 0.1, negativeMargin: 1 },
  'triplet, all': { kind: 'triplet', margin: 0.2, miner: 'all' },
  'triplet, semi-hard': { kind: 'triplet', margin: 0.2, miner: 'semi-hard' },
  'triplet, hard': { kind: 'triplet', margin: 0.2, miner: 'hard' },
  'triplet, batch-hard': { kind: 'triplet', margin: 0.2, miner: 'batch-hard' },
  'NT-Xent': { kind: 'nt-xent', temperature: 0.2 },
  'triplet, soft and swapped': { kind: 'triplet', margin: 0.2, miner: 'easy', soft: true, swap: true },
  'triplet, batch-hard and swapped': { kind: 'triplet', margin: 0.4, miner: 'batch-hard', swap: true },
  'triplet, distance-weighted': { kind: 'triplet', margin: 0.5, miner: 'distance-weighted' },
  'contrastive of SNR, pair margins': { ...DEFAULT_LOSSES.contrastive, distance: 'snr', miner: PAIRS },
  'contrastive of cosines, hard triplets': { ...DEFAULT_LOSSES.contrastive, distance: 'cosine', miner: 'hard' },
  'contrastive with a memory': { ...DEFAULT_LOSSES.contrastive, memory: { size: 12 } },
  'lifted structure with a memory': { ...DEFAULT_LOSSES['lifted-structure'], memory: { size: 12 } },
  'SupCon of squares': { kind: 'sup-con', temperature: 0.5, distance: 'squared-euclidean' },
  'multi-similarity, mined': {
    ...DEFAULT_LOSSES['multi-similarity'],
    miner: { kind: 'multi-similarity', epsilon: 0.3 },
  },
  'circle of a small scale': { kind: 'circle', margin: 0.4, scale: 8 },
  margin: { ...DEFAULT_LOSSES.margin, nu: 0.1 },
  'margin by class': { ...DEFAULT_LOSSES.margin, boundary: 'by-class', nu: 0.1 },
  quadruplet: { ...DEFAULT_LOSSES.quadruplet, secondMargin: 0.6 },
  'quadruplet of all': { ...DEFAULT_LOSSES.quadruplet, secondMargin: 0.6, miner: 'none' },
  'n-pair of products': { kind: 'n-pair', distance: 'dot' },
  'generalised lifted structure': DEFAULT_LOSSES['generalised-lifted-structure'],
  'tuplet margin': { kind: 'tuplet-margin', margin: 5.73, scale: 8 },
  FastAP: DEFAULT_LOSSES['fast-ap'],
  NCA: DEFAULT_LOSSES.nca,
  VICReg: DEFAULT_LOSSES.vicreg,
  'normalised softmax': { kind: 'normalised-softmax', temperature: 0.2, proxyRate: 10 },
  'Proxy-NCA': DEFAULT_LOSSES['proxy-nca'],
  'Proxy-Anchor of a small scale': { ...DEFAULT_LOSSES['proxy-anchor'], scale: 4 },
  'ArcFace of a small scale': { ...DEFAULT_LOSSES.arcface, scale: 4 },
  'sub-centre ArcFace of a small scale': { ...DEFAULT_LOSSES['sub-centre-arcface'], scale: 4 },
  'CosFace of a small scale': { ...DEFAULT_LOSSES.cosface, scale: 4 },
  SoftTriple: { ...DEFAULT_LOSSES['soft-triple'], centres: 3, scale: 4 },
  'a sum': {
    kind: 'sum',
    parts: [
      { weight: 0.5, loss: { ...DEFAULT_LOSSES['sup-con'], memory: { size: 10 } } },
      { weight: 2, loss: { ...DEFAULT_LOSSES.margin, miner: 'distance-weighted' } },
    ],
  },
};

/** Losses of each form: those that every network is tried with. */
export const FEW_LOSSES = ['contrastive', 'triplet, semi-hard', 'NT-Xent'] as const;

/**
 * The smallest network is tried with all losses, the others with a few, the largest with one: the losses take what it gives, whatever gave
 * it, and the reference takes seconds for a step of the largest.
 */
export function lossesOf(model: string): readonly string[] {
  if (model === 'convnet, medium') return ['NT-Xent'];
  return model === 'mlp' ? Object.keys(LOSS_CASES) : FEW_LOSSES;
}

export const OPTIMISER_CASES: Readonly<Record<string, { optimiser: OptimiserSettings; clipNorm: number }>> = {
  AdamW: { optimiser: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-3 }, clipNorm: 0 },
  'Adam, clipped': { optimiser: { kind: 'adam', beta1: 0.8, beta2: 0.99, epsilon: 1e-3 }, clipNorm: 0.5 },
  SGD: { optimiser: { kind: 'sgd', momentum: 0, nesterov: false }, clipNorm: 0 },
  'SGD with Nesterov momentum, clipped': { optimiser: { kind: 'sgd', momentum: 0.9, nesterov: true }, clipNorm: 0.5 },
};

/** The smallest network is tried with all optimisers, the others with the usual one: an optimiser does not see what network it moves. */
function optimisersOf(model: string): readonly string[] {
  return model === 'mlp' ? Object.keys(OPTIMISER_CASES) : ['AdamW'];
}

interface ParityCase {
  readonly settings: StepSettings;
  readonly state: HostTensors;
  readonly inputs: HostTensors;
}

/**
 * A case with its state and inputs. The state is that of a run under way: parameters off their first values, slots and statistics
 * that are not 0, so that nothing is equal by being nothing.
 */
export function parityCase(model: string, loss: string, optimiser: string): ParityCase {
  const settings: StepSettings = {
    ...MODEL_CASES[model],
    ...OPTIMISER_CASES[optimiser],
    loss: LOSS_CASES[loss],
    embeddingSize: DIMS,
    imageSize: SIZE,
    batchSize: BATCH,
    classes: BATCH,
    weightDecay: 0.05,
  };
  const random = new Random(5).fork(model);
  const state = Object.fromEntries(
    Object.entries(initialState(settings, random)).map(([name, { shape, data }]) => {
      const own = random.fork(`state ${name}`);
      const positive = name.startsWith('second/') || name.endsWith('.variance');
      const change = (): number => (positive ? 0.05 + 0.05 * own.next() : 0.05 * own.normal());
      if (name.startsWith('memory/')) return [name, { shape, data: remembered(name, data.length, own) }];
      return [name, { shape, data: Float32Array.from(data as Float32Array, (value) => value + change()) }];
    }),
  );
  return {
    settings,
    state,
    inputs: { ...batch(settings, random), ...drawNoise(noiseOf(settings), BATCH, random), ...scalars(settings) },
  };
}

/** A memory that has been filled, but for its oldest place. */
function remembered(name: string, size: number, random: Random): Float32Array {
  if (!name.endsWith('labels')) return Float32Array.from({ length: size }, () => random.normal());
  return Float32Array.from({ length: size }, (_, i) => (i === size - 1 ? -1 : random.integer(4)));
}

/** Four classes of two: each item is its class's pattern with noise, so that hard and easy triplets both occur. */
function batch(settings: NetworkSettings, random: Random): HostTensors {
  const { input } = modelOf(settings);
  const size = input.shape.reduce((a, b) => a * b, 1);
  const patterns = Array.from({ length: 4 }, () => Float32Array.from({ length: size }, () => random.next()));
  const data = Float32Array.from(
    { length: BATCH * size },
    (_, i) => 0.5 * patterns[Math.floor(i / size) >> 1][i % size] + 0.5 * random.next(),
  );
  const labels = Int32Array.from({ length: BATCH }, (_, item) => item >> 1);
  // Texts of different lengths: what is behind the end is 0.
  const token = (value: number, i: number): number => (i % size >= size - 3 * (i / size) ? 0 : Math.ceil(256 * value));
  return {
    [input.name]: {
      shape: [BATCH, ...input.shape],
      data: input.dtype === 'int32' ? Int32Array.from(data, token) : data,
    },
    labels: { shape: [BATCH], data: labels },
  };
}

function scalars({ optimiser }: StepSettings): HostTensors {
  const values = { learningRate: 0.01, ...optimiserOf(optimiser).scalarsAt(STEP) };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, hostScalar(value)]));
}

/** Loss and the gradient of each parameter, by the parameter's name in the state. */
export function gradientProgram(settings: StepSettings): Program {
  const step = trainingStep(settings);
  const network = modelOf(settings);
  const prefix = 'parameter/';
  return {
    name: 'gradients',
    state: {},
    inputs: { ...step.inputs, ...step.state },
    run: (_, given) => {
      const named = (start: string): Record<string, tf.Tensor> =>
        Object.fromEntries(
          Object.entries(given)
            .filter(([name]) => name.startsWith(start))
            .map(([name, tensor]) => [name.slice(start.length), tensor]),
        );
      const learned = Object.entries(named('loss/')).map(([name, value]) => [`loss/${name}`, value] as const);
      const { gradients, extra } = gradientsOf({ ...named(prefix), ...Object.fromEntries(learned) }, (values) => {
        const own = learned.map(([name]) => [name.slice('loss/'.length), values[name]] as const);
        const pass = network.train(values, named('statistic/'), given[network.input.name], named('noise/'));
        const { loss } = lossOf(settings.loss, settings).evaluate({
          embeddings: pass.embeddings,
          labels: given['labels'] as tf.Tensor1D,
          parameters: Object.fromEntries(own),
          memory: named('memory/'),
          noise: named('noise/loss/'),
        });
        return { loss, extra: { loss } };
      });
      return { state: {}, outputs: { ...gradients, loss: extra.loss } };
    },
  };
}

async function stepOn(engine: Engine, { settings, state, inputs }: ParityCase): Promise<HostTensors> {
  const runner = await engine.compile(trainingStep(settings));
  try {
    runner.setState(state);
    return { ...(await runner.run(inputs)), ...(await runner.getState()) };
  } finally {
    await runner.dispose();
  }
}

/** Each tensor is equal within the tolerance, relative to its largest element; one that is 0 throughout must be so in both. */
export function expectSame(actual: HostTensors, expected: HostTensors, tolerance = TOLERANCE): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, { shape, data }] of Object.entries(expected)) {
    expect(actual[name].shape, name).toEqual(shape);
    let largest = 1e-6;
    let worst = 0;
    // Math.max keeps a NaN, which is within no tolerance.
    data.forEach((value, i) => {
      largest = Math.max(largest, Math.abs(value));
      worst = Math.max(worst, Math.abs(value - actual[name].data[i]));
    });
    expect(worst / largest, name).toBeLessThanOrEqual(tolerance);
  }
}

const oracle = new Map<string, Promise<HostTensors>>();

/** What the CPU backend gives; the same for all engines of a test file. */
function expected(name: string, make: () => Promise<HostTensors>): Promise<HostTensors> {
  const known = oracle.get(name) ?? make();
  oracle.set(name, known);
  return known;
}

/** Every model x few losses and one model x every loss: loss and gradients; every model x optimiser: all new state; every model: inference. */
export function describeParity(engineName: string, engineOf: () => Promise<Engine>, tolerance = TOLERANCE): void {
  describe.each(Object.keys(MODEL_CASES))(`parity of ${engineName} with the CPU backend: %s`, (model) => {
    it.each(lossesOf(model))('loss and gradients of %s', async (loss) => {
      const { settings, state, inputs } = parityCase(model, loss, 'SGD');
      const program = gradientProgram(settings);
      const given = { ...inputs, ...state };
      const want = await expected(`${model} ${loss}`, () => runOnce(cpuEngine(), program, given));
      expect(want['loss'].data[0]).toBeGreaterThan(0);
      expectSame(await runOnce(await engineOf(), program, given), want, tolerance);
    });

    it.each(optimisersOf(model))('new state of %s', async (optimiser) => {
      const test = parityCase(model, 'NT-Xent', optimiser);
      const want = await expected(`${model} ${optimiser}`, () => stepOn(cpuEngine(), test));
      expectSame(await stepOn(await engineOf(), test), want, tolerance);
    });

    it('inference', async () => {
      const { settings, inputs } = parityCase(model, 'NT-Xent', 'SGD');
      const program = inferenceProgram(settings);
      const state = initialWeights(settings, new Random(3));
      const { name } = modelOf(settings).input;
      const given = { [name]: inputs[name] };
      const want = await expected(`${model} inference`, () => runOnce(cpuEngine(), program, given, state));
      expectSame(await runOnce(await engineOf(), program, given, state), want, tolerance);
    });
  });
}
