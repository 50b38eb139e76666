import type * as tf from '@tensorflow/tfjs-core';
import type { HostTensor, HostTensors, Program, Specs, Tensors } from '../engine/engine';
import { normaliseRows } from '../losses/distance';
import type { Loss } from '../losses/loss';
import { lossOf } from '../losses/lossOf';
import { initialise, zerosOf } from '../models/initialise';
import type { Variables } from '../models/model';
import { modelOf, type Network, type NetworkSettings } from '../models/modelOf';
import type { Random } from '../random';
import type { LossSettings, TrainingSettings } from '../types/training';
import { gradientsOf } from './gradients';
import { adamW, stepScalars, type StepScalars } from './optimiser';

/** Prefixes of the names in the state of a training step. */
const PARAMETER = 'parameter/';
const FIRST = 'first/';
const SECOND = 'second/';
const STATISTIC = 'statistic/';

/** Plain data, from which any thread can make the same step. */
export interface StepSettings extends NetworkSettings {
  readonly loss: LossSettings;
  readonly batchSize: number;
  readonly weightDecay: number;
}

export interface InferenceSettings extends NetworkSettings {
  readonly batchSize: number;
}

/** What of the settings of a training makes its network. */
export function networkSettings({ model, embeddingSize, imageSize }: TrainingSettings): NetworkSettings {
  return { model: model ?? { kind: 'convnet' }, embeddingSize, imageSize };
}

/** What of the settings of a training makes its step. */
export function stepSettings(settings: TrainingSettings, batchSize: number): StepSettings {
  const { loss, weightDecay } = settings;
  return { ...networkSettings(settings), loss, weightDecay, batchSize };
}

/**
 * One step of training: forward, loss, gradients, AdamW. State: parameters, both moments, running statistics. Inputs: what the
 * network takes (`images` [N, S, S, 3] 0 to 1), `labels` [N] int32, and the scalars of the schedule (`scheduleInputs`). Outputs:
 * `loss` and `activeShare`.
 */
export function trainingStep(settings: StepSettings): Program {
  const { batchSize, weightDecay } = settings;
  const network = modelOf(settings);
  const loss = lossOf(settings.loss);
  return {
    name: 'training step',
    recipe: { kind: 'training step', settings },
    state: {
      ...specsOf(PARAMETER, network.parameters),
      ...specsOf(FIRST, network.parameters),
      ...specsOf(SECOND, network.parameters),
      ...specsOf(STATISTIC, network.statistics),
    },
    inputs: {
      ...inputOf(network, batchSize),
      labels: { shape: [batchSize], dtype: 'int32' },
      learningRate: SCALAR,
      firstCorrection: SCALAR,
      secondCorrection: SCALAR,
    },
    run: (state, inputs) => runStep({ network, loss, weightDecay }, state, inputs),
  };
}

function inputOf({ input: { name, shape, dtype } }: Network, batchSize: number): Specs {
  return { [name]: { shape: [batchSize, ...shape], dtype } };
}

interface StepParts {
  readonly network: Network;
  readonly loss: Loss;
  readonly weightDecay: number;
}

/** The inputs of step `step` (from 0) of `steps` that change with its number only. */
export function scheduleInputs({ learningRate }: TrainingSettings, step: number, steps: number): HostTensors {
  return Object.fromEntries(
    Object.entries(stepScalars(step, steps, learningRate)).map(([name, value]) => [name, hostScalar(value)]),
  );
}

const SCALAR = { shape: [], dtype: 'float32' } as const;

function runStep(
  { network, loss, weightDecay }: StepParts,
  state: Tensors,
  inputs: Tensors,
): { state: Tensors; outputs: Tensors } {
  const parameters = part(PARAMETER, state);
  const statistics = part(STATISTIC, state);
  const { gradients, extra } = gradientsOf(parameters, (values) => {
    const pass = network.train(values, statistics, inputs[network.input.name]);
    const value = loss(pass.embeddings, inputs['labels'] as tf.Tensor1D);
    const measured = { loss: value.loss, activeShare: value.activeShare };
    return { loss: value.loss, extra: { ...prefixed(STATISTIC, pass.statistics), ...measured } };
  });
  const scalars = inputs as unknown as StepScalars;
  const updated: Record<string, tf.Tensor> = { ...prefixed(STATISTIC, part(STATISTIC, extra)) };
  for (const [name, value] of Object.entries(parameters)) {
    const before = { value, first: state[FIRST + name], second: state[SECOND + name] };
    const after = adamW(before, gradients[name], scalars, network.parameters[name].decays ? weightDecay : 0);
    updated[PARAMETER + name] = after.value;
    updated[FIRST + name] = after.first;
    updated[SECOND + name] = after.second;
  }
  return { state: updated, outputs: { loss: extra.loss, activeShare: extra.activeShare } };
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
export function initialState(settings: NetworkSettings, random: Random): HostTensors {
  const { parameters, statistics } = modelOf(settings);
  return {
    ...prefixed(PARAMETER, initialise(parameters, random)),
    ...prefixed(FIRST, zerosOf(parameters)),
    ...prefixed(SECOND, zerosOf(parameters)),
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
