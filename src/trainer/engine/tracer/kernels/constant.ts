/** Kernels that make tensors out of numbers. */
import type * as tf from '@tensorflow/tfjs-core';
import type { Dtype } from '../../engine';
import { constantData } from '../../graph/builder';
import { filled } from '../../graph/operators';
import { type Recorder, recorder } from '../kernel';

export const constantRecorders: readonly Recorder[] = [
  recorder<object, tf.FillAttrs>('Fill', (b, _, { shape, value, dtype }) =>
    filled(b, shape, Number(value), (dtype as Dtype | undefined) ?? 'float32'),
  ),
  recorder<object, tf.LinSpaceAttrs>('LinSpace', (b, _, { start, stop, num }) => {
    const step = num > 1 ? (stop - start) / (num - 1) : 0;
    return b.constant(
      Float32Array.from({ length: num }, (__, i) => start + i * step),
      [num],
      'float32',
    );
  }),
  recorder<object, tf.RangeAttrs>('Range', (b, _, { start, stop, step, dtype }) => {
    const count = Math.max(0, Math.ceil((stop - start) / step));
    const values = Array.from({ length: count }, (__, i) => start + i * step);
    return b.constant(constantData(values, dtype), [count], dtype);
  }),
];
