import type { GraphBuilder } from '../graph/builder';
import type { Value } from '../graph/graph';

/** How one TensorFlow.js kernel is written down as nodes of a graph. */
export interface Recorder {
  readonly kernel: string;
  /** `inputs` in the kernel's own names, or in order for the kernels that take a list. */
  readonly record: (b: GraphBuilder, inputs: Inputs, attributes: object) => Value | readonly Value[];
}

export interface Inputs {
  readonly named: Readonly<Record<string, Value | undefined>>;
  readonly list: readonly Value[];
}

/**
 * The recorder of a kernel with named inputs. `Kernel` gives those names and `Attributes` the kernel's parameters, as
 * TensorFlow.js declares them (kernel_names.d.ts); its own ops check them before a kernel is called.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the one place that trusts those declarations
export function recorder<Kernel extends object, Attributes extends object = object>(
  kernel: string,
  record: (b: GraphBuilder, inputs: Record<keyof Kernel, Value>, attributes: Attributes) => Value | readonly Value[],
): Recorder {
  return {
    kernel,
    record: (b, inputs, attributes) => record(b, inputs.named as Record<keyof Kernel, Value>, attributes as Attributes),
  };
}

/** The recorder of a kernel that takes a list of tensors. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as above
export function listRecorder<Attributes extends object = object>(
  kernel: string,
  record: (b: GraphBuilder, inputs: readonly Value[], attributes: Attributes) => Value | readonly Value[],
): Recorder {
  return { kernel, record: (b, inputs, attributes) => record(b, inputs.list, attributes as Attributes) };
}
