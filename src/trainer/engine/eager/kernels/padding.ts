/** TensorFlow's package takes no numbers as padding of a convolution. */
import type * as tf from '@tensorflow/tfjs-core';
import { convolutionKernels, infoOf } from './convolution';
import { type ComposedKernel, kernel } from './kernel';
import { fitted } from './taps';

/** The picture is padded before a convolution without padding. */
const convolution: ComposedKernel = kernel<tf.Conv2DInputs, tf.Conv2DAttrs>(
  'Conv2D',
  ({ x, filter }, attributes, original) => {
    if (typeof attributes.pad === 'string') return original({ x, filter }, attributes);
    const { padInfo } = infoOf(x.shape, filter.shape, attributes);
    const padded = fitted(x as tf.Tensor4D, padInfo);
    return original({ x: padded, filter }, { ...attributes, pad: 'valid' });
  },
);

/** The gradients are those that we compose, where the package has none. */
const gradients = convolutionKernels.map(({ name, compute }): ComposedKernel => ({
  name,
  compute: (inputs, attributes, original) =>
    typeof (attributes as tf.Conv2DAttrs).pad === 'string'
      ? original(inputs, attributes)
      : compute(inputs, attributes, original),
}));

export const paddingKernels: readonly ComposedKernel[] = [convolution, ...gradients];
