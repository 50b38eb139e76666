import { GraphBuilder, type Rule } from '../graph/builder';
import type { Graph, Node, Value } from '../graph/graph';

/** What an input becomes when a graph is built again. */
export type InputRule = (builder: GraphBuilder, input: Value, name: string) => Value;

export const keepInput: InputRule = (builder, { shape, dtype }, name) => builder.input(name, shape, dtype);

/** The same graph, built again node by node through `rules`. Equal nodes become one. */
export function rewrite(graph: Graph, rules: readonly Rule[], inputRule: InputRule = keepInput): Graph {
  const builder = new GraphBuilder(graph.name, rules);
  const replacement = new Map<Value, Value>();
  for (const input of graph.inputs) replacement.set(input, inputRule(builder, input, nameOf(input)));
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
    outputs.forEach((output, i) => replacement.set(output, values[i]));
  }
  for (const [name, value] of graph.outputs) builder.output(name, replaced(value));
  return builder.build();
}

function nameOf(input: Value): string {
  if (input.source.kind !== 'input') throw new Error('A graph lists a value as an input that is none.');
  return input.source.name;
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
