import { convolutionKernels } from './convolution';
import { depthwiseKernels } from './depthwise';
import type { ComposedKernel } from './kernel';
import { paddingKernels } from './padding';
import { averagePoolGradient, maximumPoolGradient } from './pooling';
import { cast, floorDivide, gather, oneHot } from './repairs';
import { segmentSum } from './segments';

/** Of TensorFlow.js's own CPU backend these are wrong. */
export const CPU_KERNELS: readonly ComposedKernel[] = [averagePoolGradient];

/** The WebAssembly backend lacks these, has them wrong, or (the gradient of a convolution's input) slow. */
export const WASM_KERNELS: readonly ComposedKernel[] = [
  ...convolutionKernels,
  ...depthwiseKernels,
  averagePoolGradient,
  maximumPoolGradient,
  segmentSum,
  cast,
  oneHot,
  floorDivide,
  gather,
];

/** TensorFlow's package has these wrong for some arguments. */
export const TENSORFLOW_KERNELS: readonly ComposedKernel[] = [...paddingKernels, floorDivide];
