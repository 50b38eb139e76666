/** Where the TensorFlow of the engine comes from. */
export type TensorflowSource =
  /** TensorFlow with CUDA, downloaded. */
  | { readonly kind: 'gpu' }
  /** TensorFlow for the processor, downloaded. */
  | { readonly kind: 'cpu' }
  /** The TensorFlow of a Python environment, to which a small binding is built. */
  | { readonly kind: 'python'; readonly interpreter: string };

/** A source that this machine can use, and what it costs. */
export interface TensorflowOffer {
  readonly kind: TensorflowSource['kind'];
  /** About how much is downloaded, and how much room is taken; bytes. */
  readonly download: number;
  readonly disk: number;
}

/** A TensorFlow engine that was installed and has computed a training step right. */
export interface InstalledTensorflow {
  /** "TensorFlow 2.9.1, CPU" */
  readonly device: string;
  readonly folder: string;
}
