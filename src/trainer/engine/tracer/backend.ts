import * as tf from '@tensorflow/tfjs-core';
import { KindredError } from '../../../rpc/errors';
import { constantData, type GraphBuilder } from '../graph/builder';
import type { ConstantData, Value } from '../graph/graph';
import { filled } from '../graph/operators';
import { sizeOf } from '../graph/shapes';
import type { Dtype } from '../engine';
import { callSite } from './callSite';

/** The name under which TensorFlow.js knows the backend that records. */
export const TRACER = 'tracer';

interface Entry {
  readonly shape: readonly number[];
  readonly dtype: Dtype;
  /** The elements, for tensors that were made from numbers. */
  readonly data: ConstantData | undefined;
  /** Made when a recorded kernel first needs it. */
  value: Value | undefined;
  references: number;
}

/**
 * A TensorFlow.js backend that computes nothing: its tensors stand for values of a graph that is being built. It holds one
 * builder at a time (`record`); tensors outlive it only by mistake, and then refuse to be used.
 */
export class TracerBackend extends tf.KernelBackend {
  private readonly entries = new tf.DataStorage<Entry>(this, tf.engine());
  private builder: GraphBuilder | undefined;

  /** Records into `builder` while `f` runs. */
  record<T>(builder: GraphBuilder, f: () => T): T {
    if (this.builder) throw new Error('A trace is already under way.');
    this.builder = builder;
    try {
      return f();
    } finally {
      this.builder = undefined;
    }
  }

  get graph(): GraphBuilder {
    if (!this.builder) throw new Error('The tracer was used outside of a trace.');
    return this.builder;
  }

  /** The graph's value that a tensor stands for. */
  traced(tensor: tf.TensorInfo): Value {
    const entry = this.entries.get(tensor.dataId);
    entry.value ??= constantValue(this.graph, entry);
    return entry.value;
  }

  /** A tensor that stands for `value`. */
  tensorOf(value: Value): tf.TensorInfo {
    const dtype = programType(value);
    const shape = [...value.shape];
    const dataId = {};
    this.entries.set(dataId, { shape, dtype, data: undefined, value, references: 1 });
    return { dataId, shape, dtype };
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
    const dataId = {};
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(
    id: tf.DataId,
    values: tf.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    references: number,
  ): void {
    if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
      throw new KindredError('engine', `A program cannot use tensors of type ${dtype}.`);
    }
    const data = constantData(values as ArrayLike<number>, dtype);
    this.entries.set(id, { shape, dtype, data, value: undefined, references });
  }

  override readSync(dataId: tf.DataId): tf.BackendValues {
    const { data } = this.entries.get(dataId);
    if (data && !(data instanceof BigInt64Array)) return data;
    const site = callSite(new Error().stack);
    throw new KindredError(
      'engine',
      `A program read the values of a tensor while it was recorded${site === undefined ? '' : `, at ${site}`}.`,
      { remedy: 'Express the choice in tensor operations (tf.where, masks), or pass the number in as an input.' },
    );
  }

  override read(dataId: tf.DataId): Promise<tf.BackendValues> {
    return Promise.resolve().then(() => this.readSync(dataId));
  }

  override incRef(dataId: tf.DataId): void {
    this.entries.get(dataId).references++;
  }

  override refCount(dataId: tf.DataId): number {
    return this.entries.has(dataId) ? this.entries.get(dataId).references : 0;
  }

  override disposeData(dataId: tf.DataId, force = false): boolean {
    if (!this.entries.has(dataId)) return true;
    const entry = this.entries.get(dataId);
    entry.references--;
    if (entry.references > 0 && !force) return false;
    this.entries.delete(dataId);
    return true;
  }

  override numDataIds(): number {
    return this.entries.numDataIds();
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }
}

/** TensorFlow.js makes ones and zeros of whole activations in its gradients; these become one repeated number. */
function constantValue(b: GraphBuilder, { shape, dtype, data }: Entry): Value {
  const size = sizeOf(shape);
  if (data?.length !== size) throw new Error('A tensor of the tracer has neither a value nor data.');
  if (data instanceof BigInt64Array || size <= 1) return b.constant(data, shape, dtype);
  const first = data[0];
  return data.every((element) => Object.is(element, first))
    ? filled(b, shape, first, dtype)
    : b.constant(data, shape, dtype);
}

function programType(value: Value): Dtype {
  if (value.dtype === 'int64') throw new Error('An int64 value must be cast before it is given to the program.');
  return value.dtype;
}
