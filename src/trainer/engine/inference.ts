import { readFile } from 'node:fs/promises';
import { onnx } from 'onnx-proto';
import { KindredError } from '../../rpc/errors';
import type { HostTensors, Program, Specs } from './engine';
import type { GraphBuilder } from './graph/builder';
import type { Graph, Value } from './graph/graph';
import { checkTensors } from './hostTensors';
import { encodeModel } from './onnx/encode';
import { openSession, type Session } from './onnx/session';
import { specOf } from './onnx/specs';
import { optimise } from './passes/optimise';
import { freeBatch } from './passes/symbolicBatch';
import { inputName, outputName, stateName, trace } from './tracer/trace';

/** A trained network, ready to be used. */
export interface Model {
  /** -1 stands for an axis of any length. */
  readonly inputs: Specs;
  readonly metadata: Readonly<Record<string, string>>;
  /** @throws KindredError `engine` */
  run(inputs: HostTensors): Promise<HostTensors>;
  dispose(): Promise<void>;
}

/** Lengths that may stand for the batch while a program is recorded: primes, so that products with it can be told. */
const STAND_INS = [1009, 2003, 4001, 8009, 16001];

/**
 * The program with its state inside, as an ONNX file. The first axis of every input and output is the batch, of any length,
 * whatever length the program's own specs give it. Inputs and outputs have the program's names.
 * @param metadata the file's metadata_props
 * @throws KindredError `engine` when the program computes something for which the length of the batch must be known
 */
export function exportModel(
  program: Program,
  state: HostTensors,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  checkTensors(`state of ${program.name}`, program.state, state);
  const batch = standIn(program);
  const inputs = Object.fromEntries(
    Object.entries(program.inputs).map(([name, { shape, dtype }]) => [
      name,
      { shape: [batch, ...shape.slice(1)], dtype },
    ]),
  );
  const traced = outputsOnly(trace({ ...program, inputs, run: (own, given) => program.run(own, given) }));
  const bound = optimise(traced, (b, input, name) => bind(b, input, name, state));
  return encodeModel(freeBatch(bound, batch), { metadata, symbols: new Map([[batch, 'batch']]) });
}

function standIn(program: Program): number {
  const lengths = [...Object.values(program.state), ...Object.values(program.inputs)].flatMap(({ shape }) => shape);
  const free = STAND_INS.find((prime) => lengths.every((length) => length % prime !== 0));
  if (free === undefined) throw new KindredError('engine', `No length can stand for the batch of ${program.name}.`);
  return free;
}

/** The graph without its new state, and its outputs by the program's own names. */
function outputsOnly(graph: Graph): Graph {
  const prefix = outputName('');
  const outputs = [...graph.outputs].filter(([name]) => name.startsWith(prefix));
  return { ...graph, outputs: new Map(outputs.map(([name, value]) => [name.slice(prefix.length), value])) };
}

function bind(b: GraphBuilder, { shape, dtype }: Value, name: string, state: HostTensors): Value {
  const prefix = stateName('');
  if (name.startsWith(prefix)) return b.constant(state[name.slice(prefix.length)].data.slice(), shape, dtype);
  return b.input(name.slice(inputName('').length), shape, dtype);
}

/**
 * Opens an ONNX model.
 * @param source a file's path, or its bytes
 * @throws KindredError `not-found` or `bad-input` when there is no such file or it is not a model; `engine` when ONNX Runtime
 *   cannot run it
 */
export async function loadModel(
  source: string | Uint8Array,
  options: { readonly threads?: number } = {},
): Promise<Model> {
  const path = typeof source === 'string' ? source : undefined;
  const bytes = typeof source === 'string' ? await read(source) : source;
  const proto = decode(bytes, path);
  return new OnnxModel(
    Object.fromEntries((proto.graph?.input ?? []).map((input) => specOf(input))),
    Object.fromEntries(proto.metadataProps.map(({ key, value }) => [key ?? '', value ?? ''])),
    await openSession(bytes, options),
  );
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new KindredError('not-found', `The model ${path} cannot be read: ${String(error)}.`, { path, cause: error });
  }
}

function decode(bytes: Uint8Array, path: string | undefined): onnx.ModelProto {
  try {
    const proto = onnx.ModelProto.decode(bytes);
    if (proto.graph?.output?.length) return proto;
  } catch {
    // Told below: anything can be wrong with a file that is no model.
  }
  throw new KindredError('bad-input', `${path ?? 'The file'} is not an ONNX model, or it is damaged.`, {
    remedy: 'Train the model again, or restore the file.',
    ...(path === undefined ? {} : { path }),
  });
}

class OnnxModel implements Model {
  constructor(
    readonly inputs: Specs,
    readonly metadata: Readonly<Record<string, string>>,
    private readonly session: Session,
  ) {}

  async run(inputs: HostTensors): Promise<HostTensors> {
    checkTensors('inputs of the model', this.inputs, inputs);
    return this.session.run(inputs);
  }

  dispose(): Promise<void> {
    return this.session.close();
  }
}
