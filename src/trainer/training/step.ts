import type * as tf from '@tensorflow/tfjs-core';
import type { HostTensor, HostTensors, Program, Specs, Tensors } from '../engine/engine';
import { normaliseRows } from '../losses/distance';
import type { Loss } from '../losses/loss';
import { lossOf } from '../losses/lossOf';
import { initialise, zerosOf } from '../models/initialise';
import type { Variables } from '../models/model';
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

/** Plain data, from which any thread can make the same step. */
export interface StepSettings extends NetworkSettings {
  readonly loss: LossSettings;
  readonly optimiser: OptimiserSettings;
  /** Largest norm of all gradients together; 0 for any. */
  readonly clipNorm: number;
  readonly weightDecay: number;
  readonly batchSize: number;
  /** Whether batches may have fewer items than `batchSize`: the step then takes `valid` [N] as well, 1 or 0. */
  readonly partial?: boolean;
}

export interface InferenceSettings extends NetworkSettings {
  readonly batchSize: number;
}

/** What of the settings of a training makes its network. */
export function networkSettings({ model, embeddingSize, imageSize }: TrainingSettings): NetworkSettings {
  return { model: model ?? DEFAULT_MODELS.convnet, embeddingSize, imageSize };
}

/** What of the settings of a training makes its step. */
export function stepSettings(settings: TrainingSettings, batchSize: number): StepSettings {
  const { loss, weightDecay, optimiser = DEFAULT_OPTIMISER, clipNorm = 0 } = settings;
  return { ...networkSettings(settings), loss, optimiser, clipNorm, weightDecay, batchSize };
}

interface StepParts {
  readonly settings: StepSettings;
  readonly network: Network;
  readonly loss: Loss;
  readonly optimiser: Optimiser;
}

/**
 * One step of training: forward, loss, gradients, optimiser. State: parameters, what the optimiser remembers of each, running
 * statistics. Inputs: what the network takes (`images` [N, S, S, 3] 0 to 1), `labels` [N] int32, and those of `stepInputs`. Outputs:
 * `loss` and `activeShare`.
 */
export function trainingStep(settings: StepSettings): Program {
  const { batchSize } = settings;
  const network = modelOf(settings);
  const optimiser = optimiserOf(settings.optimiser);
  const scalars = ['learningRate', ...Object.keys(optimiser.scalarsAt(0))];
  return {
    name: 'training step',
    recipe: { kind: 'training step', settings },
    state: {
      ...specsOf(PARAMETER, network.parameters),
      ...ofSlots(optimiser, (prefix) => specsOf(prefix, network.parameters)),
      ...specsOf(STATISTIC, network.statistics),
    },
    inputs: {
      ...inputOf(network, batchSize),
      labels: { shape: [batchSize], dtype: 'int32' },
      ...(settings.partial === true ? { valid: { shape: [batchSize], dtype: 'float32' } as const } : {}),
      ...noiseOf(network, batchSize),
      ...Object.fromEntries(scalars.map((name) => [name, SCALAR])),
    },
    run: (state, inputs) => runStep({ settings, network, loss: lossOf(settings.loss), optimiser }, state, inputs),
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

function noiseOf({ noise = {} }: Network, batchSize: number): Specs {
  return Object.fromEntries(
    Object.entries(noise).map(([name, { shape }]) => [
      NOISE + name,
      { shape: [batchSize, ...shape], dtype: 'float32' as const },
    ]),
  );
}

function runStep(
  { settings, network, loss, optimiser }: StepParts,
  state: Tensors,
  inputs: Tensors,
): { state: Tensors; outputs: Tensors } {
  const parameters = part(PARAMETER, state);
  const statistics = part(STATISTIC, state);
  const { gradients, extra } = gradientsOf(parameters, (values) => {
    const valid = settings.partial === true ? (inputs['valid'] as tf.Tensor1D) : undefined;
    const pass = network.train(values, statistics, inputs[network.input.name], part(NOISE, inputs), valid);
    const value = loss(pass.embeddings, inputs['labels'] as tf.Tensor1D, valid);
    const measured = { loss: value.loss, activeShare: value.activeShare };
    return { loss: value.loss, extra: { ...prefixed(STATISTIC, pass.statistics), ...measured } };
  });
  const clipped = settings.clipNorm === 0 ? gradients : clipByGlobalNorm(gradients, settings.clipNorm);
  const updated: Record<string, tf.Tensor> = { ...prefixed(STATISTIC, part(STATISTIC, extra)) };
  for (const [name, value] of Object.entries(parameters)) {
    const slots = Object.fromEntries(optimiser.slots.map((slot) => [slot, state[`${slot}/${name}`]]));
    const decay = network.parameters[name].decays ? settings.weightDecay : 0;
    const after = optimiser.update({ value, slots }, clipped[name], inputs, decay);
    updated[PARAMETER + name] = after.value;
    for (const slot of optimiser.slots) updated[`${slot}/${name}`] = after.slots[slot];
  }
  return { state: updated, outputs: { loss: extra.loss, activeShare: extra.activeShare } };
}

/**
 * The inputs of step `step` (from 0) beside the batch: the learning rate of the schedule, what the optimiser wants to know, and the
 * network's random masks. They depend on the settings and the numbers of the step only, so a resumed run has the same.
 * @param steps length of the run; 0 while it is not known.
 */
export function stepInputs(settings: TrainingSettings, batchSize: number, step: number, steps: number): HostTensors {
  const { learningRate, schedule = DEFAULT_SCHEDULE, optimiser = DEFAULT_OPTIMISER } = settings;
  const scalars = {
    learningRate: learningRate * rateAt(schedule, step, steps),
    ...optimiserOf(optimiser).scalarsAt(step),
  };
  const random = new Random(settings.seed).fork(`noise ${step}`);
  return {
    ...Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, hostScalar(value)])),
    ...drawNoise(networkSettings(settings), batchSize, random),
  };
}

/** Masks for one batch: of each element `1 / keep` with a chance of `keep`, otherwise 0, so that the mean is 1. */
export function drawNoise(settings: NetworkSettings, batchSize: number, random: Random): HostTensors {
  const { noise = {} } = modelOf(settings);
  return Object.fromEntries(
    Object.entries(noise).map(([name, { shape, keep }]) => {
      const own = random.fork(name);
      const full = [batchSize, ...shape];
      const size = full.reduce((product, length) => product * length, 1);
      const data = Float32Array.from({ length: size }, () => (own.next() < keep ? 1 / keep : 0));
      return [NOISE + name, { shape: full, data }];
    }),
  );
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
export function initialState(
  settings: NetworkSettings & { readonly optimiser: OptimiserSettings },
  random: Random,
): HostTensors {
  const { parameters } = modelOf(settings);
  return {
    ...initialWeights(settings, random),
    ...ofSlots(optimiserOf(settings.optimiser), (prefix) => prefixed(prefix, zerosOf(parameters))),
  };
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
