/** TensorFlow.js's fused operations: a product or convolution, then a bias, then an activation. */
import type * as tf from '@tensorflow/tfjs-core';
import type { GraphBuilder } from '../../graph/builder';
import type { Value } from '../../graph/graph';
import { add, elementwise, unary } from '../../graph/operators';
import type { Inputs, Recorder } from '../kernel';
import { refuse } from '../refuse';
import { convolutionRecorders } from './convolution';
import { depthwiseRecorders } from './depthwise';
import { matMulRecorders } from './matMul';
import { unaryRecorders } from './unary';

/** The inputs and attributes that all fused kernels have beside those of the kernel they begin with. */
interface Fused {
  readonly activation: tf.fused.Activation;
  readonly leakyreluAlpha?: number;
}

const PLAIN = [...convolutionRecorders, ...depthwiseRecorders, ...matMulRecorders];

export const fusedRecorders: readonly Recorder[] = [
  fused('FusedConv2D', 'Conv2D'),
  fused('FusedDepthwiseConv2D', 'DepthwiseConv2dNative'),
  fused('_FusedMatMul', 'BatchMatMul'),
];

/** The recorder of a kernel that is `first`, and then the rest. */
function fused(kernel: string, first: string): Recorder {
  const plain = PLAIN.find((recorder) => recorder.kernel === first)!;
  return {
    kernel,
    record: (b, inputs, attributes) => {
      const product = plain.record(b, inputs, attributes) as Value;
      const { bias } = inputs.named;
      return activate(b, kernel, bias ? add(b, product, bias) : product, inputs, attributes as Fused);
    },
  };
}

const ACTIVATIONS: Readonly<Record<string, string>> = { relu: 'Relu', relu6: 'Relu6', elu: 'Elu', sigmoid: 'Sigmoid' };

function activate(b: GraphBuilder, kernel: string, x: Value, inputs: Inputs, attributes: Fused): Value {
  const { activation, leakyreluAlpha } = attributes;
  const { preluActivationWeights: slopes } = inputs.named;
  if (activation === 'linear') return x;
  if (activation === 'leakyrelu') return unary(b, 'LeakyRelu', x, { alpha: leakyreluAlpha ?? 0.2 });
  if (activation === 'prelu' && slopes) return elementwise(b, 'PRelu', [x, slopes]);
  const plain = unaryRecorders.find((recorder) => recorder.kernel === ACTIVATIONS[activation]);
  if (!plain) refuse(`${kernel} with activation "${activation}"`);
  return plain.record(b, { named: { x }, list: [x] }, {}) as Value;
}
