/** The gradient of a look-up by index. */
import * as tf from '@tensorflow/tfjs-core';
import { kernel, type ComposedKernel } from './kernel';

/** Adds up the rows of each segment, by scattering. The numbers of the segments must lie in range, as those of a look-up do. */
export const segmentSum: ComposedKernel = kernel<tf.UnsortedSegmentSumInputs, tf.UnsortedSegmentSumAttrs>(
  'UnsortedSegmentSum',
  ({ x, segmentIds }, { numSegments }) => {
    const indices = tf.reshape(segmentIds, [segmentIds.size, 1]);
    const rest = x.shape.slice(segmentIds.rank);
    const size = tf.util.sizeFromShape(rest);
    const sums = tf.scatterND(indices, tf.reshape(x, [segmentIds.size, size]), [numSegments, size]);
    return tf.reshape(sums, [numSegments, ...rest]);
  },
);
