import { describe, vi } from 'vitest';
import { findTensorflow } from '../../../../src/trainer/engine/tensorflow/locate';
import { tensorflowEngine } from '../../../../src/trainer/engine/tensorflow/tensorflowEngine';
import { describeParity } from '../parityCases';

vi.setConfig({ testTimeout: 120_000 });

if (findTensorflow() === undefined) {
  describe.skip('TensorFlow is not installed; "kindred install-engine tensorflow" installs it');
} else {
  describeParity('tensorflow', () => tensorflowEngine());
}
