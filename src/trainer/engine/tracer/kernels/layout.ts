/** TensorFlow.js keeps pictures as [batch, height, width, channels] and filters as [height, width, in, out]; ONNX does not. */
import type { GraphBuilder } from '../../graph/builder';
import type { Value } from '../../graph/graph';
import { transpose } from '../../graph/operators';

/** NHWC -> NCHW. */
export const toChannelsFirst = (b: GraphBuilder, x: Value): Value => transpose(b, x, [0, 3, 1, 2]);

/** NCHW -> NHWC. */
export const toChannelsLast = (b: GraphBuilder, x: Value): Value => transpose(b, x, [0, 2, 3, 1]);

/** [height, width, in, out] -> [out, in, height, width]. */
export const toOutInHW = (b: GraphBuilder, filter: Value): Value => transpose(b, filter, [3, 2, 0, 1]);
