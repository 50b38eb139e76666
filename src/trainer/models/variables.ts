import type { Variable } from './model';

/** A weight whose products with `inputs` values keep their variance. */
export function weight(shape: readonly number[], inputs: number): Variable {
  return { shape, initial: { kind: 'normal', deviation: Math.sqrt(1 / inputs) }, decays: true };
}

/** A weight before a ReLU, which halves the variance (He 2015). */
export function weightBeforeRelu(shape: readonly number[], inputs: number): Variable {
  return { shape, initial: { kind: 'he', inputs }, decays: true };
}

/** A bias, scale or running statistic: no weight decay. */
export function constant(size: number, value: number): Variable {
  return { shape: [size], initial: { kind: 'constant', value }, decays: false };
}
