import * as tf from '@tensorflow/tfjs-core';
import { KindredError } from '../../../rpc/errors';
import type { Program, Specs, Tensors, TensorSpec } from '../engine';
import { GraphBuilder } from '../graph/builder';
import type { Graph } from '../graph/graph';
import { sameShape } from '../graph/shapes';
import { withBackend } from './backends';
import { TRACER, type TracerBackend } from './backend';
import { callSite, withDeepStacks } from './callSite';
import { tracer } from './register';

/** How the values of a program are called in its graph, so that state, inputs and outputs may share names. */
export const stateName = (name: string): string => `state/${name}`;
export const newStateName = (name: string): string => `new state/${name}`;
export const inputName = (name: string): string => `input/${name}`;
export const outputName = (name: string): string => `output/${name}`;

/**
 * Runs `program` once on tensors without values and writes down what it does. The graph has the program's state and inputs as
 * inputs, its new state and its outputs as outputs. TensorFlow.js's backend and scopes are afterwards as they were before.
 * @throws KindredError `engine` that names the operation that cannot be recorded, and where it was called.
 */
export function trace(program: Program): Graph {
  const backend = tracer();
  const builder = new GraphBuilder(program.name);
  try {
    withDeepStacks(() =>
      withBackend(TRACER, () => backend.record(builder, () => withoutChance(() => runOn(backend, builder, program)))),
    );
  } catch (error) {
    throw describe(program, error);
  }
  return builder.build();
}

/** TensorFlow.js's random operations would be recorded as the numbers of this one time, without a word. */
/* eslint-disable no-restricted-properties -- Math.random is not used here but taken away */
function withoutChance<T>(f: () => T): T {
  const { random } = Math;
  Math.random = () => {
    const site = callSite(new Error().stack);
    throw new KindredError(
      'engine',
      `A program asked for random numbers while it was recorded${site === undefined ? '' : `, at ${site}`}.`,
      { remedy: 'Make the numbers outside, from a seed, and pass them in as an input.' },
    );
  };
  try {
    return f();
  } finally {
    Math.random = random;
  }
}
/* eslint-enable no-restricted-properties */

function runOn(backend: TracerBackend, builder: GraphBuilder, program: Program): void {
  const feed = (specs: Specs, rename: (name: string) => string): Tensors =>
    Object.fromEntries(
      Object.entries(specs).map(([name, { shape, dtype }]) => [
        name,
        tf.engine().makeTensorFromTensorInfo(backend.tensorOf(builder.input(rename(name), shape, dtype))),
      ]),
    );
  const result = program.run(feed(program.state, stateName), feed(program.inputs, inputName));
  checkState(program, result.state);
  for (const [name, tensor] of Object.entries(result.state)) builder.output(newStateName(name), backend.traced(tensor));
  for (const [name, tensor] of Object.entries(result.outputs)) builder.output(outputName(name), backend.traced(tensor));
}

/** A program must give every state back under its name, as the tensor that it was. */
export function checkState(program: Program, state: Tensors): void {
  const names = new Set([...Object.keys(program.state), ...Object.keys(state)]);
  for (const name of names) {
    const spec = program.state[name] as TensorSpec | undefined;
    const tensor = state[name] as tf.Tensor | undefined;
    if (!spec)
      throw new KindredError('engine', `${program.name} gives back a state "${name}" that it does not declare.`);
    if (!tensor) throw new KindredError('engine', `${program.name} does not give back its state "${name}".`);
    if (!sameShape(spec.shape, tensor.shape) || spec.dtype !== tensor.dtype) {
      throw new KindredError(
        'engine',
        `${program.name} gives back its state "${name}" as ${tensor.dtype} [${tensor.shape.join(', ')}] ` +
          `instead of ${spec.dtype} [${spec.shape.join(', ')}].`,
      );
    }
  }
}

function describe(program: Program, error: unknown): KindredError {
  if (error instanceof KindredError) {
    return new KindredError(error.code, `${program.name}: ${error.message}`, {
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
      cause: error,
    });
  }
  const site = error instanceof Error ? callSite(error.stack) : undefined;
  const reason = error instanceof Error ? error.message : String(error);
  return new KindredError('engine', `${program.name}: ${reason}${site === undefined ? '' : ` (at ${site})`}`, {
    cause: error,
  });
}
