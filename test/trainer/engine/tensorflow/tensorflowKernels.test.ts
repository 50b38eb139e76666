/** Every kernel's cases again, on TensorFlow, wherever it is installed. */
import { describe } from 'vitest';
import { findTensorflow } from '../../../../src/trainer/engine/tensorflow/locate';
import { tensorflowEngine } from '../../../../src/trainer/engine/tensorflow/tensorflowEngine';
import { useTestEngine } from '../parity';

if (findTensorflow() === undefined) {
  describe.skip('TensorFlow is not installed; "kindred install-engine tensorflow" installs it');
} else {
  useTestEngine(tensorflowEngine(), 1e-5);
  await import('../networkKernels.test');
  await import('../arrayKernels.test');
  await import('../elementwiseKernels.test');
}
