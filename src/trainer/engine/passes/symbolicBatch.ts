/**
 * Makes the length of the batch unknown. The graph was recorded with a length that occurs nowhere else; wherever a node has
 * that length as a parameter, it is written so that the node takes the length from its operand instead.
 */
import { KindredError } from '../../../rpc/errors';
import type { NodeRequest, Rule } from '../graph/builder';
import { constantOf, type Graph, integersOf } from '../graph/graph';
import { removeDeadNodes, rewrite } from './rewrite';

/** In a Reshape: the length that makes the number of elements come out right. */
const INFERRED = -1;

/** @param batch the length that stands for the batch, a prime that divides no other length */
export function freeBatch(graph: Graph, batch: number): Graph {
  return removeDeadNodes(rewrite(graph, [freeNode(batch)]));
}

function freeNode(batch: number): Rule {
  const ofBatch = (length: number): boolean => length !== 0 && length % batch === 0;
  return (b, request) => {
    refuseConstants(request, ofBatch);
    const lists = Object.entries(request.attributes).filter(([, value]) => Array.isArray(value) && value.some(ofBatch));
    if (lists.length === 0) return undefined;
    const free = request.op === 'Reshape' ? freeReshape(request, ofBatch) : freeExpand(request, ofBatch);
    if (!free) throw fixed(request.op);
    return b.addAll({ ...request, attributes: { shape: free } });
  };
}

function freeReshape(request: NodeRequest, ofBatch: (length: number) => boolean): number[] | undefined {
  const shape = integersOf(request, 'shape');
  return shape.filter(ofBatch).length === 1 ? shape.map((length) => (ofBatch(length) ? INFERRED : length)) : undefined;
}

/** An Expand whose operand has the batch already needs no length there: 1 leaves it as it is. */
function freeExpand(request: NodeRequest, ofBatch: (length: number) => boolean): number[] | undefined {
  if (request.op !== 'Expand') return undefined;
  const shape = integersOf(request, 'shape');
  const own = request.inputs[0].shape;
  const has = (axis: number): boolean => ofBatch(own.at(axis - shape.length) ?? 1);
  return shape.every((length, axis) => !ofBatch(length) || has(axis))
    ? shape.map((length) => (ofBatch(length) ? 1 : length))
    : undefined;
}

function refuseConstants(request: NodeRequest, ofBatch: (length: number) => boolean): void {
  if (request.inputs.some((value) => constantOf(value) && value.shape.some(ofBatch))) throw fixed(request.op);
}

function fixed(op: string): KindredError {
  return new KindredError(
    'engine',
    `The program uses the length of the batch in a way that fixes it (operator ${op}).`,
    {
      remedy: 'Write it so that each item of the batch is computed by itself.',
    },
  );
}
