import { expect, it } from 'vitest';
import { callSite } from '../../../src/trainer/engine/tracer/callSite';

it('finds the first frame outside of TensorFlow.js and the engine', () => {
  const stack = [
    'Error: no',
    '    at refuse (/home/x/kindred/src/trainer/engine/tracer/refuse.ts:8:16)',
    '    at Engine.runKernel (/home/x/kindred/node_modules/@tensorflow/tfjs-core/dist/tf-core.node.js:1:2)',
    '    at atan2__op (tfjs-core/src/ops/operation.ts:70:20)',
    '    at angle (/home/x/kindred/src/trainer/losses/angle.ts:12:3)',
    '    at run (/home/x/kindred/src/trainer/training/step.ts:1:1)',
  ].join('\n');
  expect(callSite(stack)).toBe('angle (/home/x/kindred/src/trainer/losses/angle.ts:12:3)');
});

it('knows Windows paths', () => {
  const stack = [
    'Error: no',
    '    at refuse (C:\\kindred\\src\\trainer\\engine\\tracer\\refuse.ts:8:16)',
    '    at angle (C:\\kindred\\src\\trainer\\losses\\angle.ts:12:3)',
  ].join('\n');
  expect(callSite(stack)).toContain('losses\\angle.ts');
});

it('finds the caller of the op in a bundle, where all code is one file', () => {
  const stack = [
    'Error: no',
    '    at refuse (/home/x/.vscode/extensions/kindred/dist/trainer.js:28385:9)',
    '    at _Engine.runKernel (/home/x/.vscode/extensions/kindred/dist/trainer.js:7466:17)',
    '    at atan2_ (/home/x/.vscode/extensions/kindred/dist/trainer.js:9756:17)',
    '    at atan2__op (/home/x/.vscode/extensions/kindred/dist/trainer.js:8154:22)',
    '    at angle (/home/x/.vscode/extensions/kindred/dist/trainer.js:29089:39)',
    '    at runOn (/home/x/.vscode/extensions/kindred/dist/trainer.js:29051:26)',
  ].join('\n');
  expect(callSite(stack)).toBe('angle (/home/x/.vscode/extensions/kindred/dist/trainer.js:29089:39)');
});

it('says nothing where nothing is known', () => {
  expect(callSite(undefined)).toBeUndefined();
  expect(callSite('Error: no')).toBeUndefined();
});
