import * as tf from '@tensorflow/tfjs-core';
import type { HostTensor, HostTensors, Program, Specs, Tensors } from '../engine/engine';
import { normaliseRows } from '../losses/distance';
import type { Loss } from '../losses/loss';
import { lossOf } from '../losses/lossOf';
import { initialise, zerosOf } from '../models/initialise';
import type { Noise, Variable, Variables } from '../models/model';
import { modelOf, type Network, type NetworkSettings } from '../models/modelOf';
import { Random } from '../random';
import type { LossSettings, OptimiserSettings, TrainingSettings } from '../types/training';
import { DEFAULT_MODELS } from './choices';
import { clipByGlobalNorm, gradientsOf } from './gradients';
import { DEFAULT_OPTIMISER, type Optimiser, optimiserOf } from './optimiser';
import { DEFAULT_SCHEDULE, rateAt } from './schedule';

/** Prefixes of the names in the state of a training step. */
const PARAMETER = 'parameter/';
const STATISTIC = 'statistic/';
const NOISE = 'noise/';
/** What the loss learns; its slots have it in their names too. No name of a network's parameter begins so. */
const LOSS = 'loss/';
const MEMORY = 'memory/';
/** What a step tells, while it is still beside what it carries on. */
const OUTPUT = 'output/';

/** Plain data, from which any thread can make the same step. */
export interface StepSettings extends NetworkSettings {
  readonly loss: LossSettings;
  readonly optimiser: OptimiserSettings;
  /** Largest norm of all gradients together; 0 for any. */
  readonly clipNorm: number;
  readonly weightDecay: number;
  readonly batchSize: number;
  /** How many classes there are to learn; labels are 0 to classes - 1. */
  readonly classes: number;
  /** How much an item of each class counts, where the loss is one of items. */
  readonly classWeights?: readonly number[];
  /** Whether given pairs say what is the same, instead of labels: the step then takes `relation` [N, N] as well. */
  readonly pairs?: boolean;
  /** Whether batches may have fewer items than `batchSize`: the step then takes `valid` [N] as well, 1 or 0. */
  readonly partial?: boolean;
}

/** What of a step is not in the settings of its training, but in the dataset. */
export type StepSizes = Pick<StepSettings, 'batchSize' | 'classes' | 'classWeights' | 'pairs' | 'vectorSize'>;

export interface InferenceSettings extends NetworkSettings {
  readonly batchSize: number;
}

/** What of the settings of a training makes its network. */
export function networkSettings(
  { model, embeddingSize, features, imageSize }: TrainingSettings,
  vectorSize?: number,
): NetworkSettings {
  const usual = features === undefined ? DEFAULT_MODELS.convnet : DEFAULT_MODELS.linear;
  return { model: model ?? usual, embeddingSize, imageSize, ...(vectorSize === undefined ? {} : { vectorSize }) };
}

/** What of the settings of a training makes its step. */
export function stepSettings(settings: TrainingSettings, sizes: StepSizes): StepSettings {
  const { loss, weightDecay, optimiser = DEFAULT_OPTIMISER, clipNorm = 0 } = settings;
  return { ...networkSettings(settings), loss, optimiser, clipNorm, weightDecay, ...sizes };
}

interface StepParts {
  readonly settings: StepSettings;
  readonly network: Network;
  readonly loss: Loss;
  readonly optimiser: Optimiser;
}

/**
 * One step of training: forward, loss, gradients, optimiser. State: parameters, what the optimiser remembers of each, running
 * statistics, what the loss learns and remembers. Inputs: what the network takes (`images` [N, S, S, 3] 0 to 1), `labels` [N] int32, and those of `stepInputs`. Outputs:
 * `loss`, `activeShare`, and of a sum of losses `parts`.
 */
export function trainingStep(settings: StepSettings): Program {
  const { batchSize } = settings;
  const network = modelOf(settings);
  const loss = lossOf(settings.loss, settings);
  const optimiser = optimiserOf(settings.optimiser);
  const scalars = ['learningRate', ...Object.keys(optimiser.scalarsAt(0))];
  return {
    name: 'training step',
    recipe: { kind: 'training step', settings },
    state: {
      ...specsOf(PARAMETER, network.parameters),
      ...specsOf(LOSS, loss.parameters),
      ...ofSlots(optimiser, (prefix) => specsOf(prefix, learned(network, loss))),
      ...specsOf(STATISTIC, network.statistics),
      ...memorySpecs(loss),
    },
    inputs: {
      ...inputOf(network, batchSize),
      labels: { shape: [batchSize], dtype: 'int32' },
      ...(settings.pairs === true ? { relation: { shape: [batchSize, batchSize], dtype: 'float32' } as const } : {}),
      ...(settings.partial === true ? { valid: { shape: [batchSize], dtype: 'float32' } as const } : {}),
      ...noiseSpecs(noises(network, loss), batchSize),
      ...Object.fromEntries(scalars.map((name) => [name, SCALAR])),
    },
    run: (state, inputs) => runStep({ settings, network, loss, optimiser }, state, inputs),
  };
}

/** What `make` gives for the prefix of each slot, all together. */
function ofSlots<T>({ slots }: Optimiser, make: (prefix: string) => Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(slots.flatMap((slot) => Object.entries(make(`${slot}/`))));
}

const SCALAR = { shape: [], dtype: 'float32' } as const;

function inputOf({ input: { name, shape, dtype } }: Network, batchSize: number): Specs {
  return { [name]: { shape: [batchSize, ...shape], dtype } };
}

export type Noises = Readonly<Record<string, Noise>>;

/** The random masks that a step takes, by name. */
export function noiseOf(settings: StepSettings): Noises {
  return noises(modelOf(settings), lossOf(settings.loss, settings));
}

/** The network's own by their names, and the loss's. */
function noises({ noise = {} }: Network, loss: Loss): Noises {
  return { ...noise, ...prefixed(LOSS, loss.noise) };
}

function noiseSpecs(all: Noises, batchSize: number): Specs {
  return Object.fromEntries(
    Object.entries(all).map(([name, { shape }]) => [
      NOISE + name,
      { shape: [batchSize, ...shape], dtype: 'float32' as const },
    ]),
  );
}

function memorySpecs({ memory }: Loss): Specs {
  return Object.fromEntries(
    Object.entries(memory).map(([name, { shape, dtype }]) => [MEMORY + name, { shape, dtype }]),
  );
}

/** All that is learned, by its name in the slots of the optimiser. */
function learned(network: Network, loss: Loss): Readonly<Record<string, Variable & { readonly rate?: number }>> {
  return { ...network.parameters, ...prefixed(LOSS, loss.parameters) };
}

function runStep(parts: StepParts, state: Tensors, inputs: Tensors): { state: Tensors; outputs: Tensors } {
  const { settings, network, loss } = parts;
  const values = { ...part(PARAMETER, state), ...prefixed(LOSS, part(LOSS, state)) };
  const { gradients, extra } = gradientsOf(values, (parameters) => {
    const valid = settings.partial === true ? (inputs['valid'] as tf.Tensor1D) : undefined;
    const noise = part(NOISE, inputs);
    const pass = network.train(parameters, part(STATISTIC, state), inputs[network.input.name], noise, valid);
    const value = loss.evaluate({
      embeddings: pass.embeddings,
      labels: inputs['labels'] as tf.Tensor1D,
      relation: settings.pairs === true ? (inputs['relation'] as tf.Tensor2D) : undefined,
      valid,
      parameters: part(LOSS, parameters),
      memory: part(MEMORY, state),
      noise: part(LOSS, noise),
    });
    const carried = { ...prefixed(STATISTIC, pass.statistics), ...prefixed(MEMORY, value.memory ?? {}) };
    const told = { loss: value.loss, activeShare: value.activeShare, ...(value.parts && { parts: value.parts }) };
    return { loss: value.loss, extra: { ...carried, ...prefixed(OUTPUT, told) } };
  });
  const carried = Object.entries(extra).filter(([name]) => !name.startsWith(OUTPUT));
  return {
    state: { ...Object.fromEntries(carried), ...updated(parts, state, inputs, gradients) },
    outputs: part(OUTPUT, extra),
  };
}

/** What is learned after a step of the optimiser, with its slots, by the names of the state. */
function updated(
  { settings, network, loss, optimiser }: StepParts,
  state: Tensors,
  inputs: Tensors,
  gradients: Tensors,
): Record<string, tf.Tensor> {
  const clipped = settings.clipNorm === 0 ? gradients : clipByGlobalNorm(gradients, settings.clipNorm);
  const after: Record<string, tf.Tensor> = {};
  for (const [name, { decays, rate = 1 }] of Object.entries(learned(network, loss))) {
    const stateName = name.startsWith(LOSS) ? name : PARAMETER + name;
    const slots = Object.fromEntries(optimiser.slots.map((slot) => [slot, state[`${slot}/${name}`]]));
    const scalars = rate === 1 ? inputs : { ...inputs, learningRate: tf.mul(inputs['learningRate'], rate) };
    const decay = decays ? settings.weightDecay : 0;
    const next = optimiser.update({ value: state[stateName], slots }, clipped[name], scalars, decay);
    after[stateName] = next.value;
    for (const slot of optimiser.slots) after[`${slot}/${name}`] = next.slots[slot];
  }
  return after;
}

/**
 * The inputs of step `step` (from 0) beside the batch: the learning rate of the schedule, what the optimiser wants to know, and the
 * network's random masks. They depend on the settings and the numbers of the step only, so a resumed run has the same.
 * @param steps length of the run; 0 while it is not known.
 */
export function stepInputs(settings: TrainingSettings, sizes: StepSizes, step: number, steps: number): HostTensors {
  const { learningRate, schedule = DEFAULT_SCHEDULE, optimiser = DEFAULT_OPTIMISER } = settings;
  const scalars = {
    learningRate: learningRate * rateAt(schedule, step, steps),
    ...optimiserOf(optimiser).scalarsAt(step),
  };
  const random = new Random(settings.seed).fork(`noise ${step}`);
  return {
    ...Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, hostScalar(value)])),
    ...drawNoise(noiseOf(stepSettings(settings, sizes)), sizes.batchSize, random),
  };
}

/** Random numbers for one batch: masks of mean 1, or numbers from 0 to below 1. */
export function drawNoise(noise: Noises, batchSize: number, random: Random): HostTensors {
  return Object.fromEntries(
    Object.entries(noise).map(([name, spec]) => {
      const own = random.fork(name);
      const full = [batchSize, ...spec.shape];
      const size = full.reduce((product, length) => product * length, 1);
      const draw = drawOf(spec, own);
      return [NOISE + name, { shape: full, data: Float32Array.from({ length: size }, draw) }];
    }),
  );
}

function drawOf(spec: Noise, random: Random): () => number {
  if (spec.kind === 'uniform') return () => random.next();
  const { keep } = spec;
  return () => (random.next() < keep ? 1 / keep : 0);
}

/** The network as it is used: what it takes (`images` [N, S, S, 3] 0 to 1) to `embeddings` [N, D], L2-normalised. */
export function inferenceProgram(settings: InferenceSettings): Program {
  const network = modelOf(settings);
  return {
    name: 'embedding',
    recipe: { kind: 'embedding', settings },
    state: { ...specsOf(PARAMETER, network.parameters), ...specsOf(STATISTIC, network.statistics) },
    inputs: inputOf(network, settings.batchSize),
    run: (state, inputs) => {
      const embeddings = network.infer(part(PARAMETER, state), part(STATISTIC, state), inputs[network.input.name]);
      return { state, outputs: { embeddings: normaliseRows(embeddings) } };
    },
  };
}

/** The state of the first step. */
export function initialState(settings: StepSettings, random: Random): HostTensors {
  const network = modelOf(settings);
  const loss = lossOf(settings.loss, settings);
  return {
    ...initialWeights(settings, random),
    ...prefixed(LOSS, initialise(loss.parameters, random.fork('loss'))),
    ...ofSlots(optimiserOf(settings.optimiser), (prefix) => prefixed(prefix, zerosOf(learned(network, loss)))),
    ...prefixed(MEMORY, emptyMemory(loss)),
  };
}

function emptyMemory({ memory }: Loss): HostTensors {
  return Object.fromEntries(
    Object.entries(memory).map(([name, { shape, dtype, initial }]) => {
      const size = shape.reduce((product, length) => product * length, 1);
      const data = dtype === 'float32' ? new Float32Array(size) : new Int32Array(size);
      return [name, { shape, data: data.fill(initial) }];
    }),
  );
}

/** The state of a network that was not trained: what `inferenceProgram` takes. */
export function initialWeights(settings: NetworkSettings, random: Random): HostTensors {
  const { parameters, statistics } = modelOf(settings);
  return {
    ...prefixed(PARAMETER, initialise(parameters, random)),
    ...prefixed(STATISTIC, initialise(statistics, random)),
  };
}

/** What inference needs of the state of a training step. */
export function inferenceState(state: HostTensors): HostTensors {
  return Object.fromEntries(
    Object.entries(state).filter(([name]) => name.startsWith(PARAMETER) || name.startsWith(STATISTIC)),
  );
}

/** Name in the state of a parameter of the network. */
export function parameterName(name: string): string {
  return PARAMETER + name;
}

/** Name in the state of what the loss learns. */
export function lossParameterName(name: string): string {
  return LOSS + name;
}

/** A number as a scalar tensor. */
export function hostScalar(value: number): HostTensor {
  return { shape: [], data: Float32Array.of(value) };
}

function specsOf(prefix: string, variables: Variables): Specs {
  return Object.fromEntries(
    Object.entries(variables).map(([name, { shape }]) => [prefix + name, { shape, dtype: 'float32' as const }]),
  );
}

function prefixed<T>(prefix: string, values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}

function part(prefix: string, tensors: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );
}
