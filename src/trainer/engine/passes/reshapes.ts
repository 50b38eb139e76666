import type { Rule } from '../graph/builder';
import { madeBy } from '../graph/graph';
import { reshape } from '../graph/operators';
import { sameShape } from '../graph/shapes';

/** Reshape of Reshape is one; Reshape to the shape that is there already is none. */
export const mergeReshapes: Rule = (b, request) => {
  if (request.op !== 'Reshape') return undefined;
  const x = request.inputs[0];
  const { shape } = request.outputs[0];
  if (sameShape(x.shape, shape)) return [x];
  const inner = madeBy(x, 'Reshape');
  return inner && [reshape(b, inner.inputs[0], shape)];
};
