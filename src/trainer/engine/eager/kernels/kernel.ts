import * as tf from '@tensorflow/tfjs-core';

type Inputs = Readonly<Record<string, tf.Tensor>>;
type Compute<I, Attributes> = (
  inputs: I,
  attributes: Attributes,
  /** The backend's own kernel, which this one stands in for. */
  original: (inputs: I, attributes: Attributes) => tf.Tensor,
) => tf.Tensor;

/** A kernel that is written in TensorFlow.js ops, and so runs on every backend that has the kernels of those. */
export interface ComposedKernel {
  readonly name: string;
  readonly compute: Compute<Inputs, object>;
}

/** The same with the types of one kernel. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names both, and gets its function checked
export function kernel<I extends tf.NamedTensorInfoMap, Attributes>(
  name: string,
  compute: Compute<{ readonly [K in keyof I]: tf.Tensor }, Attributes>,
): ComposedKernel {
  return { name, compute: compute as unknown as ComposedKernel['compute'] };
}

/** Gives `backend` these kernels, in place of its own where it has some. What they make on the way is freed at once. */
export function installKernels(backend: string, kernels: readonly ComposedKernel[]): void {
  for (const { name, compute } of kernels) {
    const own = tf.getKernel(name, backend) as tf.KernelConfig | undefined;
    // A kernel may have something to do before its first use, which TensorFlow.js asks of those that are registered only.
    if (own) tf.unregisterKernel(name, backend);
    tf.registerKernel({
      kernelName: name,
      backendName: backend,
      ...(own?.setupFunc ? { setupFunc: own.setupFunc } : {}),
      ...(own?.disposeFunc ? { disposeFunc: own.disposeFunc } : {}),
      kernelFunc: ({ inputs, attrs, backend: instance }) => {
        const original = (given: Inputs, attributes: object): tf.Tensor => {
          if (!own) throw new Error(`The backend ${backend} has no kernel ${name} of its own.`);
          const args = { inputs: given, attrs: attributes as tf.NamedAttrMap, backend: instance };
          const result = own.kernelFunc(args) as tf.TensorInfo;
          // Some backends give a tensor already, which the engine knows.
          return result instanceof tf.Tensor ? (result as tf.Tensor) : tf.engine().makeTensorFromTensorInfo(result);
        };
        // A kernel is given tensors, although its type says less; it is no part of a gradient itself.
        return tf.tidy(() => compute(inputs as Inputs, attrs ?? {}, original));
      },
    });
  }
}
