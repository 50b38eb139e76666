import type { Recorder } from '../kernel';
import { binaryRecorders } from './binary';
import { blockRecorders } from './blocks';
import { comparisonRecorders } from './comparison';
import { constantRecorders } from './constant';
import { convolutionRecorders } from './convolution';
import { depthwiseRecorders } from './depthwise';
import { fusedRecorders } from './fused';
import { indexingRecorders } from './indexing';
import { linearAlgebraRecorders } from './linearAlgebra';
import { matMulRecorders } from './matMul';
import { normalisationRecorders } from './normalisation';
import { poolingRecorders } from './pooling';
import { reductionRecorders } from './reduction';
import { resizeRecorders } from './resize';
import { scatterRecorders } from './scatter';
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
  ...blockRecorders,
  ...indexingRecorders,
  ...scatterRecorders,
  ...matMulRecorders,
  ...convolutionRecorders,
  ...depthwiseRecorders,
  ...poolingRecorders,
  ...normalisationRecorders,
  ...linearAlgebraRecorders,
  ...resizeRecorders,
  ...fusedRecorders,
];
