import { GraphBuilder, type Rule } from '../graph/builder';
import type { Graph, Node, Value } from '../graph/graph';

/** The same graph, built again node by node through `rules`. Equal nodes become one. */
export function rewrite(graph: Graph, rules: readonly Rule[]): Graph {
  const builder = new GraphBuilder(graph.name, rules);
  const replacement = new Map<Value, Value>();
  for (const input of graph.inputs) replacement.set(input, copyInput(builder, input));
  const replaced = (value: Value): Value => {
    const known = replacement.get(value);
    if (known) return known;
    if (value.source.kind !== 'constant') throw new Error('A node comes before one whose value it takes.');
    const copy = builder.constant(value.source.data, value.shape, value.dtype);
    replacement.set(value, copy);
    return copy;
  };
  for (const node of graph.nodes) {
    const { op, attributes, outputs } = node;
    const values = builder.addAll({ op, attributes, outputs, inputs: node.inputs.map(replaced) });
    outputs.forEach((output, i) => replacement.set(output, values[i]!));
  }
  for (const [name, value] of graph.outputs) builder.output(name, replaced(value));
  return builder.build();
}

function copyInput(builder: GraphBuilder, input: Value): Value {
  if (input.source.kind !== 'input') throw new Error('A graph lists a value as an input that is none.');
  return builder.input(input.source.name, input.shape, input.dtype);
}

/** The graph without the nodes that no output needs. */
export function removeDeadNodes(graph: Graph): Graph {
  const needed = new Set<Node>();
  const open = [...graph.outputs.values()];
  for (let value = open.pop(); value; value = open.pop()) {
    if (value.source.kind !== 'node' || needed.has(value.source.node)) continue;
    needed.add(value.source.node);
    open.push(...value.source.node.inputs);
  }
  return { ...graph, nodes: graph.nodes.filter((node) => needed.has(node)) };
}
