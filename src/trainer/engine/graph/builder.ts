import type { Attributes, ConstantData, ElementType, Graph, Node, Shape, Value, ValueType } from './graph';

/** A node that is about to be added. */
export interface NodeRequest {
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
  readonly outputs: readonly ValueType[];
}

/**
 * A local simplification: what to use in place of the requested node, or nothing. It may add other nodes, and must make
 * progress (smaller operands, or an operation moved towards the outputs), since these are simplified in turn.
 */
export type Rule = (builder: GraphBuilder, request: NodeRequest) => readonly Value[] | undefined;

/** Constants up to this many elements are shared by value. */
const SHARED_CONSTANT = 64;

/** Makes a graph node by node. Asking for the same node twice gives the same values. */
export class GraphBuilder {
  private readonly inputs: Value[] = [];
  private readonly nodes: Node[] = [];
  private readonly outputs = new Map<string, Value>();
  private readonly known = new Map<string, readonly Value[]>();
  private nextId = 0;

  constructor(
    private readonly name: string,
    private readonly rules: readonly Rule[] = [],
  ) {}

  input(name: string, shape: Shape, dtype: ElementType): Value {
    const value: Value = { id: this.nextId++, shape, dtype, source: { kind: 'input', name } };
    this.inputs.push(value);
    return value;
  }

  output(name: string, value: Value): void {
    this.outputs.set(name, value);
  }

  constant(data: ConstantData, shape: Shape, dtype: ElementType): Value {
    const make = (): Value => ({ id: this.nextId++, shape, dtype, source: { kind: 'constant', data } });
    if (data.length > SHARED_CONSTANT) return make();
    return this.share(`${dtype}[${shape.join()}]=${bytesOf(data)}`, () => [make()])[0];
  }

  scalar(value: number, dtype: ElementType = 'float32'): Value {
    return this.constant(constantData([value], dtype), [], dtype);
  }

  add(op: string, inputs: readonly Value[], attributes: Attributes, shape: Shape, dtype: ElementType): Value {
    return this.addAll({ op, inputs, attributes, outputs: [{ shape, dtype }] })[0];
  }

  /** For operators with several outputs. */
  addAll(request: NodeRequest): readonly Value[] {
    for (const rule of this.rules) {
      const values = rule(this, request);
      if (values) return values;
    }
    return this.addPlain(request);
  }

  /** Adds a node as it is asked for, past the rules. */
  addPlain(request: NodeRequest): readonly Value[] {
    const key = `${request.op}(${request.inputs.map((value) => value.id).join()})${JSON.stringify(request.attributes)}`;
    return this.share(key, () => this.append(request));
  }

  build(): Graph {
    return { name: this.name, inputs: this.inputs, nodes: this.nodes, outputs: this.outputs };
  }

  private append(request: NodeRequest): readonly Value[] {
    const outputs: Value[] = [];
    const node: Node = { op: request.op, inputs: request.inputs, attributes: request.attributes, outputs };
    request.outputs.forEach(({ shape, dtype }, output) =>
      outputs.push({ id: this.nextId++, shape, dtype, source: { kind: 'node', node, output } }),
    );
    this.nodes.push(node);
    return outputs;
  }

  private share(key: string, make: () => readonly Value[]): readonly Value[] {
    const known = this.known.get(key);
    if (known) return known;
    const made = make();
    this.known.set(key, made);
    return made;
  }
}

/** Numbers as the array in which a constant of that type is kept. */
export function constantData(values: ArrayLike<number>, dtype: ElementType): ConstantData {
  switch (dtype) {
    case 'float32':
      return Float32Array.from(values);
    case 'int32':
      return Int32Array.from(values);
    case 'bool':
      return Uint8Array.from(values, (value) => (value === 0 ? 0 : 1));
    case 'int64':
      return BigInt64Array.from(Array.from(values, (value) => BigInt(value)));
  }
}

/** The exact bytes, so that -0 and 0, and the NaNs, stay apart. */
function bytesOf(data: ConstantData): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
}
