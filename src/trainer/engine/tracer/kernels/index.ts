import type { Recorder } from '../kernel';
import { binaryRecorders } from './binary';
import { comparisonRecorders } from './comparison';
import { constantRecorders } from './constant';
import { convolutionRecorders } from './convolution';
import { depthwiseRecorders } from './depthwise';
import { indexingRecorders } from './indexing';
import { matMulRecorders } from './matMul';
import { normalisationRecorders } from './normalisation';
import { poolingRecorders } from './pooling';
import { reductionRecorders } from './reduction';
import { shapeRecorders } from './shape';
import { unaryRecorders } from './unary';

/** All that the tracer can write down, one recorder a TensorFlow.js kernel. */
export const RECORDERS: readonly Recorder[] = [
  ...constantRecorders,
  ...unaryRecorders,
  ...binaryRecorders,
  ...comparisonRecorders,
  ...reductionRecorders,
  ...shapeRecorders,
  ...indexingRecorders,
  ...matMulRecorders,
  ...convolutionRecorders,
  ...depthwiseRecorders,
  ...poolingRecorders,
  ...normalisationRecorders,
];
