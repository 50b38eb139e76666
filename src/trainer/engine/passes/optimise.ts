import type { Rule } from '../graph/builder';
import type { Graph } from '../graph/graph';
import { dropNeutral, foldConstants, rearrangeConstants } from './constants';
import { expandAfterElementwise, expandAfterRearranging, reduceRepeated } from './expands';
import { writeOutFilterGradient } from './filterGradient';
import { mergeReshapes } from './reshapes';
import { type InputRule, keepInput, removeDeadNodes, rewrite } from './rewrite';
import { mergeTransposes, transposeAfterElementwise, transposeAfterReduction, transposeInGemm } from './transposes';

/** In the order in which they are tried on each node: what makes operands smaller comes before what moves them. */
const RULES: readonly Rule[] = [
  foldConstants,
  rearrangeConstants,
  expandAfterRearranging,
  expandAfterElementwise,
  reduceRepeated,
  dropNeutral,
  mergeReshapes,
  mergeTransposes,
  transposeAfterElementwise,
  transposeAfterReduction,
  transposeInGemm,
];

/**
 * What ONNX Runtime does not do for itself. It goes on from here: it fuses, folds and plans memory.
 * @param inputRule may bind inputs to constants, which are then folded
 */
export function optimise(graph: Graph, inputRule: InputRule = keepInput): Graph {
  return removeDeadNodes(rewrite(removeDeadNodes(graph), RULES, inputRule));
}

/** An optimised graph in operators of ONNX alone, for every device. */
export function lowerForAll(graph: Graph): Graph {
  return removeDeadNodes(rewrite(graph, [writeOutFilterGradient, ...RULES]));
}
