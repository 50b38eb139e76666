import type { Rule } from '../../graph/builder';
import { constantOf, madeBy } from '../../graph/graph';
import { unary } from '../../graph/operators';

/** With it max(0, min(1, alpha * x)) is 0 up to zero and 1 for every positive number that is not subnormal. */
const STEEPEST = 3.4e38;

/** The gradient of ReLU, Cast(Greater(x, 0)), in one pass over memory instead of two. NaN gives NaN instead of 0. */
export const stepFunction: Rule = (b, request) => {
  if (request.op !== 'Cast' || request.outputs[0].dtype !== 'float32') return undefined;
  const comparison = madeBy(request.inputs[0], 'Greater');
  if (comparison?.inputs[0].dtype !== 'float32') return undefined;
  const [x, threshold] = comparison.inputs;
  const numbers = constantOf(threshold);
  if (numbers?.length !== 1 || numbers[0] !== 0) return undefined;
  return [unary(b, 'HardSigmoid', x, { alpha: STEEPEST, beta: 0 })];
};
