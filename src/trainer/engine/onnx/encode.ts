import { onnx } from 'onnx-proto';
import type { Attributes, ConstantData, ElementType, Graph, Node, Value } from '../graph/graph';
import { onnxType } from '../graph/operators';

/** IR 9 carries operator set 18, in which all reductions take their axes as an input. */
const IR_VERSION = 9;
const OPERATOR_SET = 18;

/**
 * Attributes of ours that ONNX takes as int64 tensors, in the order in which they follow the node's first input. Inputs after
 * the first (the value of a Pad) come after them.
 */
const INTEGER_INPUTS: Readonly<Record<string, readonly string[] | undefined>> = {
  Reshape: ['shape'],
  Expand: ['shape'],
  ReduceSum: ['axes'],
  ReduceMean: ['axes'],
  ReduceMax: ['axes'],
  ReduceMin: ['axes'],
  ReduceProd: ['axes'],
  Slice: ['starts', 'ends', 'axes', 'steps'],
  Pad: ['pads'],
  Tile: ['repeats'],
  TopK: ['k'],
  CumSum: ['axis'],
};

interface RuntimeOperator {
  readonly domain: string;
  readonly opType: string;
}

const BLOCKED = 'com.microsoft.nchwc';

/** Operators of ONNX Runtime's own by our names, which no file that leaves Kindred may use. */
const RUNTIME_OPERATORS: Readonly<Record<string, RuntimeOperator | undefined>> = {
  FusedMatMul: { domain: 'com.microsoft', opType: 'FusedMatMul' },
  BlockedConv: { domain: BLOCKED, opType: 'Conv' },
  ReorderInput: { domain: BLOCKED, opType: 'ReorderInput' },
  ReorderOutput: { domain: BLOCKED, opType: 'ReorderOutput' },
};

const FLOAT_ATTRIBUTES = new Set(['alpha', 'beta', 'gamma', 'epsilon']);

export interface EncodeOptions {
  /** The file's metadata_props. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Lengths that stand for an axis whose length is known only when the model runs, and the names of such axes. */
  readonly symbols?: ReadonlyMap<number, string>;
}

/** The graph as an ONNX file. Constants become initializers. */
export function encodeModel(graph: Graph, { metadata = {}, symbols = new Map() }: EncodeOptions = {}): Uint8Array {
  const model = onnx.ModelProto.create({
    irVersion: IR_VERSION,
    producerName: 'kindred',
    opsetImport: [
      { domain: '', version: OPERATOR_SET },
      ...runtimeDomains(graph).map((domain) => ({ domain, version: 1 })),
    ],
    graph: new Encoder(graph, symbols).encode(),
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
  return onnx.ModelProto.encode(model).finish();
}

function runtimeDomains({ nodes }: Graph): string[] {
  return [...new Set(nodes.flatMap(({ op }) => RUNTIME_OPERATORS[op]?.domain ?? []))];
}

class Encoder {
  private readonly names = new Map<Value, string>();
  private readonly nodes: onnx.INodeProto[] = [];
  private readonly initializers: onnx.ITensorProto[] = [];
  private readonly integers = new Map<string, string>();

  constructor(
    private readonly graph: Graph,
    private readonly symbols: ReadonlyMap<number, string>,
  ) {}

  encode(): onnx.IGraphProto {
    this.nameOutputs();
    for (const node of this.graph.nodes) this.encodeNode(node);
    for (const [name, value] of this.graph.outputs) {
      // An output that is an input, a constant, or another output under a second name.
      if (this.names.get(value) !== name)
        this.nodes.push({ opType: 'Identity', input: [this.nameOf(value)], output: [name] });
    }
    return {
      name: this.graph.name,
      node: this.nodes,
      initializer: this.initializers,
      input: this.graph.inputs.map((value) => this.typeOf(this.nameOf(value), value)),
      output: [...this.graph.outputs].map(([name, value]) => this.typeOf(name, value)),
    };
  }

  private nameOutputs(): void {
    for (const [name, value] of this.graph.outputs) {
      if (value.source.kind === 'node' && !this.names.has(value)) this.names.set(value, name);
    }
  }

  private nameOf(value: Value): string {
    const known = this.names.get(value);
    if (known !== undefined) return known;
    const name = value.source.kind === 'input' ? value.source.name : `v${value.id}`;
    this.names.set(value, name);
    if (value.source.kind === 'constant') {
      this.initializers.push(initializer(name, value.shape, value.dtype, value.source.data));
    }
    return name;
  }

  private encodeNode(node: Node): void {
    const integers = INTEGER_INPUTS[node.op] ?? [];
    const inputs = node.inputs.map((value) => this.nameOf(value));
    const parameters = integers.map((name) => this.integerTensor(node, name));
    this.nodes.push({
      ...(RUNTIME_OPERATORS[node.op] ?? { opType: node.op }),
      input: [...inputs.slice(0, 1), ...parameters, ...inputs.slice(1)],
      output: node.outputs.map((value) => this.nameOf(value)),
      attribute: encodeAttributes(node.attributes, integers),
    });
  }

  private integerTensor(node: Node, name: string): string {
    const values = node.attributes[name] as readonly number[];
    // The axis of CumSum is a number, not a list.
    const dims = node.op === 'CumSum' ? [] : [values.length];
    const key = `${dims.length}:${values.join()}`;
    const known = this.integers.get(key);
    if (known !== undefined) return known;
    const tensor = `i${this.integers.size}`;
    this.integers.set(key, tensor);
    this.initializers.push(initializer(tensor, dims, 'int64', BigInt64Array.from(values.map(BigInt))));
    return tensor;
  }

  private typeOf(name: string, value: Value): onnx.IValueInfoProto {
    const dim = value.shape.map((length) => {
      const symbol = this.symbols.get(length);
      return symbol === undefined ? { dimValue: length } : { dimParam: symbol };
    });
    return { name, type: { tensorType: { elemType: onnxType(value.dtype), shape: { dim } } } };
  }
}

function encodeAttributes(attributes: Attributes, left: readonly string[]): onnx.IAttributeProto[] {
  const { AttributeType } = onnx.AttributeProto;
  return Object.entries(attributes)
    .filter(([name]) => !left.includes(name))
    .map(([name, value]) => {
      if (typeof value === 'string') return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) };
      if (typeof value !== 'number') return { name, type: AttributeType.INTS, ints: [...value] };
      if (FLOAT_ATTRIBUTES.has(name)) return { name, type: AttributeType.FLOAT, f: value };
      return { name, type: AttributeType.INT, i: value };
    });
}

/** Raw little-endian bytes, as ONNX asks and as every machine that runs Node has them. */
function initializer(name: string, dims: readonly number[], dtype: ElementType, data: ConstantData): onnx.ITensorProto {
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name, dims: [...dims], dataType: onnxType(dtype), rawData };
}
