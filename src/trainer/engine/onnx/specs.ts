import type { onnx } from 'onnx-proto';
import { KindredError } from '../../../rpc/errors';
import type { Dtype, TensorSpec } from '../engine';
import { onnxType } from '../graph/operators';

const DTYPES: readonly Dtype[] = ['float32', 'int32', 'bool'];

/** Name, shape and type of a model's input; axes of unknown length are -1. */
export function specOf({ name, type }: onnx.IValueInfoProto): [string, TensorSpec] {
  const tensor = type?.tensorType;
  const dtype = DTYPES.find((candidate) => onnxType(candidate) === tensor?.elemType);
  if (!dtype)
    throw new KindredError('bad-input', `The model's input "${name ?? ''}" has a type that Kindred does not use.`);
  const shape = (tensor?.shape?.dim ?? []).map(({ dimValue, dimParam }) =>
    dimParam || dimValue === null || dimValue === undefined ? -1 : Number(dimValue),
  );
  return [name ?? '', { shape, dtype }];
}
