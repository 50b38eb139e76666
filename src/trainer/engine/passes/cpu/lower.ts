import type { Rule } from '../../graph/builder';
import type { Graph } from '../../graph/graph';
import { removeDeadNodes, rewrite } from '../rewrite';
import { channelAffine } from './channelAffine';
import { dotProducts } from './dotProducts';
import { stepFunction } from './stepFunction';

/** None of these makes what another looks for, so that their order does not matter. */
const RULES: readonly Rule[] = [channelAffine, dotProducts, stepFunction];

/**
 * An optimised graph in the operators that ONNX Runtime's CPU provider runs fastest. They say the same, less plainly: what is
 * kept as a file, or runs on another device, does without.
 */
export function lowerForCpu(graph: Graph): Graph {
  return removeDeadNodes(rewrite(graph, RULES));
}
