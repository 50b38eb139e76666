import { KindredError } from '../../rpc/errors';
import type { Dtype, HostTensor, HostTensors, Specs, TensorSpec } from './engine';
import { sizeOf } from './graph/shapes';

/** The element type that the array of a host tensor stands for. */
export function dtypeOf(tensor: HostTensor): Dtype {
  if (tensor.data instanceof Float32Array) return 'float32';
  return tensor.data instanceof Int32Array ? 'int32' : 'bool';
}

/**
 * Checks that `tensors` has exactly the names of `specs`, each with its type and shape; -1 in a spec's shape is any length.
 * @param what how to call them in a message: "inputs of step"
 * @throws KindredError `engine`
 */
export function checkTensors(what: string, specs: Specs, tensors: HostTensors): void {
  for (const name of new Set([...Object.keys(specs), ...Object.keys(tensors)])) {
    const spec = specs[name] as TensorSpec | undefined;
    const tensor = tensors[name] as HostTensor | undefined;
    if (!spec) throw new KindredError('engine', `The ${what} have no "${name}".`);
    if (!tensor) throw new KindredError('engine', `The ${what} lack "${name}".`);
    checkTensor(`"${name}" of the ${what}`, spec, tensor);
  }
}

function checkTensor(what: string, spec: TensorSpec, tensor: HostTensor): void {
  const fits =
    spec.shape.length === tensor.shape.length &&
    spec.shape.every((length, axis) => length === -1 || length === tensor.shape[axis]);
  if (!fits || dtypeOf(tensor) !== spec.dtype) {
    const given = `${dtypeOf(tensor)} [${tensor.shape.join(', ')}]`;
    throw new KindredError('engine', `${what} is ${given}; expected ${spec.dtype} [${spec.shape.join(', ')}].`);
  }
  if (tensor.data.length !== sizeOf(tensor.shape)) {
    throw new KindredError(
      'engine',
      `${what} has ${tensor.data.length} elements for the shape [${tensor.shape.join(', ')}].`,
    );
  }
}

/** The same tensors in memory of their own. */
export function copyTensors(tensors: HostTensors): HostTensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [name, { shape: [...shape], data: data.slice() }]),
  );
}
