import type { HostTensor } from '../engine/engine';
import type { Random } from '../random';
import type { Variable, Variables } from './model';

/** First values of variables. Each has its own random stream by its name, so that one more layer does not change the others. */
export function initialise(variables: Variables, random: Random): Record<string, HostTensor> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, variable]) => [name, initialValue(variable, random.fork(name))]),
  );
}

/** Zeros of the same names and shapes. */
export function zerosOf(variables: Variables): Record<string, HostTensor> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, { shape }]) => [name, { shape, data: new Float32Array(sizeOf(shape)) }]),
  );
}

function initialValue({ shape, initial }: Variable, random: Random): HostTensor {
  const data = new Float32Array(sizeOf(shape));
  if (initial.kind === 'constant') return { shape, data: data.fill(initial.value) };
  const deviation = initial.kind === 'he' ? Math.sqrt(2 / initial.inputs) : initial.deviation;
  return { shape, data: data.map(() => deviation * random.normal()) };
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
