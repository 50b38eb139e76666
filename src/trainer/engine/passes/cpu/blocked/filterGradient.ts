import type { GraphBuilder, Rule } from '../../../graph/builder';
import type { Value } from '../../../graph/graph';
import { pad, reshape, transpose } from '../../../graph/operators';
import { type FilterGradient, filterGradientOf } from '../../filterGradient';
import { type BlockSize, blockedOf, toBlocked } from './layout';

/**
 * The gradient of a filter as a convolution itself, with the pictures of the batch in the part of the channels: the input, [in, batch,
 * H, W], is convolved with the output's gradient, [out, batch, H', W'], a filter as large as a picture. In the blocked
 * layout that is faster than products of matrices, for which the taps would have to be copied.
 */
export function blockedFilterGradient(block: BlockSize): Rule {
  return (b, request) => {
    const gradient = filterGradientOf(request);
    if (!gradient) return undefined;
    const [batch, channels] = gradient.dy.shape;
    const edge = edgeOf(gradient);
    if (batch % block !== 0 || channels % block !== 0 || Math.min(...edge) < 0) return undefined;
    return [convolve(b, gradient, edge, block)];
  };
}

/** Rows and columns that are added at the end so that the windows reach exactly the end; negative where they do not. */
function edgeOf({ x, windows }: FilterGradient): [number, number] {
  const reach = (count: number, stride: number, filter: number, dilation: number): number =>
    (count - 1) * stride + (filter - 1) * dilation + 1;
  const high = reach(windows.outHeight, windows.strideHeight, windows.filterHeight, windows.dilationHeight);
  const wide = reach(windows.outWidth, windows.strideWidth, windows.filterWidth, windows.dilationWidth);
  return [high - x.shape[2] - windows.padInfo.top, wide - x.shape[3] - windows.padInfo.left];
}

function convolve(
  b: GraphBuilder,
  { x, dy, windows, shape }: FilterGradient,
  edge: [number, number],
  block: BlockSize,
): Value {
  const { top, left } = windows.padInfo;
  const pictures = pad(b, transpose(b, x, [1, 0, 2, 3]), [0, 0, top, left], [0, 0, ...edge], b.scalar(0));
  const [height, width, from, to] = shape;
  const attributes = {
    kernel_shape: [windows.outHeight, windows.outWidth],
    strides: [windows.dilationHeight, windows.dilationWidth],
    dilations: [windows.strideHeight, windows.strideWidth],
    pads: [0, 0, 0, 0],
    group: 1,
  };
  const operands = [toBlocked(b, pictures), picturesAsFilter(b, dy, block)];
  const product = b.add('BlockedConv', operands, attributes, [from, to, height, width], 'float32');
  const blocks = reshape(b, product, [from, to / block, height, width, block]);
  return reshape(b, transpose(b, blocks, [2, 3, 0, 1, 4]), shape);
}

/** [batch, out, H, W] as the blocked filter [out / block, batch / block, H, W, batch of the block, out of the block]. */
function picturesAsFilter(b: GraphBuilder, dy: Value, block: BlockSize): Value {
  const [batch, channels, height, width] = dy.shape;
  const pixels = height * width;
  const split = [batch / block, block, channels / block, pixels, block];
  const blocks = reshape(b, blockedOf(dy) ?? toBlocked(b, dy), split);
  return reshape(b, transpose(b, blocks, [2, 0, 3, 1, 4]), [channels, batch, height, width]);
}
