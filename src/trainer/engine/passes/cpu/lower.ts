import type { Graph } from '../../graph/graph';
import { writeOutFilterGradient } from '../filterGradient';
import { removeDeadNodes, rewrite } from '../rewrite';
import { mergeTransposes } from '../transposes';
import type { BlockSize } from './blocked/layout';
import { blockedRules } from './blocked/rules';
import { channelAffine } from './channelAffine';
import { dotProducts } from './dotProducts';
import { stepFunction } from './stepFunction';

/**
 * An optimised graph in the operators that ONNX Runtime's CPU provider runs fastest. They say the same, less plainly: what is
 * kept as a file, or runs on another device, does without.
 * @param block of ONNX Runtime's blocked layout on this machine; undefined to do without it
 */
export function lowerForCpu(graph: Graph, block?: BlockSize): Graph {
  const blocked = block === undefined ? [] : blockedRules(block);
  const rules = [...blocked, writeOutFilterGradient, mergeTransposes, channelAffine, dotProducts, stepFunction];
  return removeDeadNodes(rewrite(graph, rules));
}
