import type { Dtype } from '../engine';

/** Element types that a graph's values can have: those of a program, and the indices that some ONNX operators give. */
export type ElementType = Dtype | 'int64';

export type Shape = readonly number[];

/** Parameters of a node. Arrays are integers; single numbers are integers unless the operator's definition says float. */
export type Attributes = Readonly<Record<string, number | string | readonly number[]>>;

export type ConstantData = Float32Array | Int32Array | Uint8Array | BigInt64Array;

export type Source =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'constant'; readonly data: ConstantData }
  | { readonly kind: 'node'; readonly node: Node; readonly output: number };

/** A tensor in a graph: its type is known, its elements only when the graph runs (or now, for a constant). */
export interface Value {
  readonly id: number;
  readonly shape: Shape;
  readonly dtype: ElementType;
  readonly source: Source;
}

/**
 * One ONNX operator applied to values. Parameters that ONNX takes as integer tensors (the shape of a Reshape, the axes of a
 * reduction) are attributes here, and become tensors when the graph is encoded (onnx/encode.ts).
 */
export interface Node {
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
  readonly outputs: readonly Value[];
}

/** Nodes in an order in which they can run: a node comes after those whose values it takes. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly nodes: readonly Node[];
  readonly outputs: ReadonlyMap<string, Value>;
}

export interface ValueType {
  readonly shape: Shape;
  readonly dtype: ElementType;
}

/** The node that makes `value`, when it is an `op`. */
export function madeBy(value: Value, op: string): Node | undefined {
  return value.source.kind === 'node' && value.source.node.op === op ? value.source.node : undefined;
}

export function constantOf(value: Value): ConstantData | undefined {
  return value.source.kind === 'constant' ? value.source.data : undefined;
}

/** An attribute that is a list of integers. */
export function integersOf(node: { readonly attributes: Attributes }, name: string): readonly number[] {
  const value = node.attributes[name];
  if (!Array.isArray(value)) throw new TypeError(`Attribute "${name}" is not a list of integers.`);
  return value as readonly number[];
}
