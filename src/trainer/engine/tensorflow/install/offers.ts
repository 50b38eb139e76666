import { KindredError } from '../../../../rpc/errors';
import type { TensorflowOffer, TensorflowSource } from '../../../types/tensorflow';

const MB = 1e6;
const GPU: TensorflowOffer = { kind: 'gpu', download: 450 * MB, disk: 1300 * MB };
const CPU: TensorflowOffer = { kind: 'cpu', download: 150 * MB, disk: 500 * MB };
const PYTHON: TensorflowOffer = { kind: 'python', download: 5 * MB, disk: 15 * MB };

/** The libraries that are published for each platform; a Python wheel of Linux can be linked against. */
const OFFERS: Readonly<Record<string, readonly TensorflowOffer[]>> = {
  'linux-x64': [GPU, CPU, PYTHON],
  'linux-arm64': [CPU, PYTHON],
  'win32-x64': [GPU, CPU],
  'darwin-x64': [CPU],
  'darwin-arm64': [CPU],
};

/** What can be installed on a machine; nothing, where TensorFlow is not made for it. */
export function tensorflowOffers(platform = process.platform, arch = process.arch): readonly TensorflowOffer[] {
  return OFFERS[`${platform}-${arch}`] ?? [];
}

/** @throws KindredError `engine` when the source is not for this machine */
export function checkOffered({ kind }: TensorflowSource, offers = tensorflowOffers()): void {
  if (offers.some((offer) => offer.kind === kind)) return;
  const what = { gpu: 'with CUDA', cpu: 'for the processor', python: 'of a Python environment' }[kind];
  const others = offers.map((offer) => `--${offer.kind}`).join(' or ');
  throw new KindredError('engine', `TensorFlow ${what} cannot be installed on ${process.platform}-${process.arch}.`, {
    remedy: others === '' ? 'Use another engine; ONNX Runtime is there already.' : `Choose another source: ${others}.`,
  });
}
