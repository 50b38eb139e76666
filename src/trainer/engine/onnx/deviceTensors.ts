import type * as ort from 'onnxruntime-node';
import { KindredError } from '../../../rpc/errors';
import type { HostTensors } from '../engine';
import { GraphBuilder } from '../graph/builder';
import type { ElementType } from '../graph/graph';
import type { Device } from '../../types/engine';
import { encodeModel } from './encode';
import { onnxRuntime } from './onnxRuntime';
import { sessionOptions } from './provider';

export type OrtTensors = Record<string, ort.Tensor>;

/**
 * Brings tensors from a device's memory into the trainer's own. A tensor of ONNX Runtime's Node binding cannot do it (its
 * `getData` ends the process), but a session can: its inputs may lie on the device, and its outputs come to the host.
 */
export class DeviceReader {
  private session: ort.InferenceSession | undefined;

  constructor(private readonly device: Device) {}

  /** @param tensors the same names, shapes and types at each call */
  async read(tensors: OrtTensors): Promise<HostTensors> {
    const far = Object.entries(tensors).filter(([, tensor]) => isOnDevice(tensor));
    const near = Object.entries(tensors).filter(([, tensor]) => !isOnDevice(tensor));
    const read = far.length === 0 ? {} : await this.copy(far);
    return Object.fromEntries([
      ...near.map(([name, tensor]) => [name, toHost(tensor)] as const),
      ...Object.entries(read),
    ]);
  }

  async close(): Promise<void> {
    await this.session?.release();
    this.session = undefined;
  }

  private async copy(tensors: readonly [string, ort.Tensor][]): Promise<HostTensors> {
    const { ort: runtime } = await onnxRuntime();
    this.session ??= await runtime.InferenceSession.create(copying(tensors), sessionOptions(this.device, 1, []));
    const outputs = await this.session.run(Object.fromEntries(tensors));
    return Object.fromEntries(tensors.map(([name]) => [name, toHost(outputs[COPY + name])]));
  }
}

const COPY = 'copy of ';

/** A model that gives its inputs back. */
function copying(tensors: readonly [string, ort.Tensor][]): Uint8Array {
  const builder = new GraphBuilder('copy');
  for (const [name, { dims, type }] of tensors)
    builder.output(COPY + name, builder.input(name, dims, type as ElementType));
  return encodeModel(builder.build());
}

export function isOnDevice(tensor: ort.Tensor): boolean {
  return tensor.location === 'gpu-buffer';
}

/** Gives the device's memory back now, not whenever JavaScript collects its garbage. */
export function release(tensor: ort.Tensor | undefined): void {
  if (tensor && isOnDevice(tensor)) tensor.dispose();
}

export function toHost({ data, dims, type }: ort.Tensor): HostTensors[string] {
  if (data instanceof Float32Array || data instanceof Int32Array || data instanceof Uint8Array)
    return { shape: dims, data };
  throw new KindredError('engine', `A model gives a tensor of type ${type}, which Kindred does not use.`);
}
