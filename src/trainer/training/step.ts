import type * as tf from '@tensorflow/tfjs-core';
import type { HostTensor, HostTensors, Program, Specs, Tensors } from '../engine/engine';
import type { Loss } from '../losses/loss';
import { normaliseRows } from '../losses/distance';
import { initialise, zerosOf } from '../models/initialise';
import type { Model, Variables } from '../models/model';
import type { Random } from '../random';
import { gradientsOf } from './gradients';
import { adamW, type StepScalars } from './optimiser';

/** Prefixes of the names in the state of a training step. */
const PARAMETER = 'parameter/';
const FIRST = 'first/';
const SECOND = 'second/';
const STATISTIC = 'statistic/';

export interface StepSettings {
  readonly model: Model;
  readonly loss: Loss;
  readonly imageSize: number;
  readonly batchSize: number;
  readonly weightDecay: number;
}

/**
 * One step of training: forward, loss, gradients, AdamW. State: parameters, both moments, running statistics. Inputs: `images`
 * [N, S, S, 3] 0 to 1, `labels` [N] int32, and the scalars of the schedule. Outputs: `loss` and `activeShare`.
 */
export function trainingStep(settings: StepSettings): Program {
  const { model, batchSize, imageSize } = settings;
  return {
    name: 'training step',
    state: {
      ...specsOf(PARAMETER, model.parameters),
      ...specsOf(FIRST, model.parameters),
      ...specsOf(SECOND, model.parameters),
      ...specsOf(STATISTIC, model.statistics),
    },
    inputs: {
      images: { shape: [batchSize, imageSize, imageSize, 3], dtype: 'float32' },
      labels: { shape: [batchSize], dtype: 'int32' },
      learningRate: SCALAR,
      firstCorrection: SCALAR,
      secondCorrection: SCALAR,
    },
    run: (state, inputs) => runStep(settings, state, inputs),
  };
}

const SCALAR = { shape: [], dtype: 'float32' } as const;

function runStep(
  { model, loss, weightDecay }: StepSettings,
  state: Tensors,
  inputs: Tensors,
): { state: Tensors; outputs: Tensors } {
  const parameters = part(PARAMETER, state);
  const statistics = part(STATISTIC, state);
  const { gradients, extra } = gradientsOf(parameters, (values) => {
    const pass = model.train(values, statistics, inputs['images'] as tf.Tensor4D);
    const value = loss(pass.embeddings, inputs['labels'] as tf.Tensor1D);
    const measured = { loss: value.loss, activeShare: value.activeShare };
    return { loss: value.loss, extra: { ...prefixed(STATISTIC, pass.statistics), ...measured } };
  });
  const scalars = inputs as unknown as StepScalars;
  const updated: Record<string, tf.Tensor> = { ...prefixed(STATISTIC, part(STATISTIC, extra)) };
  for (const [name, value] of Object.entries(parameters)) {
    const before = { value, first: state[FIRST + name], second: state[SECOND + name] };
    const after = adamW(before, gradients[name], scalars, model.parameters[name].decays ? weightDecay : 0);
    updated[PARAMETER + name] = after.value;
    updated[FIRST + name] = after.first;
    updated[SECOND + name] = after.second;
  }
  return { state: updated, outputs: { loss: extra.loss, activeShare: extra.activeShare } };
}

/** The network as it is used: input `images` [N, S, S, 3] 0 to 1, output `embeddings` [N, D], L2-normalised. */
export function inferenceProgram(model: Model, imageSize: number, batchSize: number): Program {
  return {
    name: 'embedding',
    state: { ...specsOf(PARAMETER, model.parameters), ...specsOf(STATISTIC, model.statistics) },
    inputs: { images: { shape: [batchSize, imageSize, imageSize, 3], dtype: 'float32' } },
    run: (state, inputs) => {
      const images = inputs['images'] as tf.Tensor4D;
      const embeddings = model.infer(part(PARAMETER, state), part(STATISTIC, state), images);
      return { state, outputs: { embeddings: normaliseRows(embeddings) } };
    },
  };
}

/** The state of the first step. */
export function initialState(model: Model, random: Random): HostTensors {
  return {
    ...prefixed(PARAMETER, initialise(model.parameters, random)),
    ...prefixed(FIRST, zerosOf(model.parameters)),
    ...prefixed(SECOND, zerosOf(model.parameters)),
    ...prefixed(STATISTIC, initialise(model.statistics, random)),
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
