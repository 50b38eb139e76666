/**
 * The gradient of a convolution's filter. It is recorded as one node, ConvFilterGradient, which ONNX does not have, and is written out
 * last, when it is known how its operands lie in memory and which way is fastest there.
 */
import type { GraphBuilder, Rule } from '../graph/builder';
import { integersOf, type Node, type Shape, type Value } from '../graph/graph';
import { concat, gemm, matMul, reduce, reshape, transpose } from '../graph/operators';
import { tapsOf, type Windows } from '../graph/taps';

/** Inputs: `x` [N, in, H, W] and the gradient `dy` of the output [N, out, H', W']. Output: [height, width, in, out]. */
export interface FilterGradient {
  readonly x: Value;
  readonly dy: Value;
  readonly windows: Windows;
  readonly shape: Shape;
}

export function filterGradientOf({
  op,
  inputs,
  attributes,
  outputs,
}: Pick<Node, 'op' | 'inputs' | 'attributes'> & {
  readonly outputs: readonly { readonly shape: Shape }[];
}): FilterGradient | undefined {
  if (op !== 'ConvFilterGradient') return undefined;
  const [x, dy] = inputs;
  const list = (name: string): readonly number[] => integersOf({ attributes }, name);
  const [top, left, bottom, right] = list('pads');
  const windows = {
    filterHeight: list('kernel_shape')[0],
    filterWidth: list('kernel_shape')[1],
    outHeight: dy.shape[2],
    outWidth: dy.shape[3],
    strideHeight: list('strides')[0],
    strideWidth: list('strides')[1],
    dilationHeight: list('dilations')[0],
    dilationWidth: list('dilations')[1],
    padInfo: { top, left, bottom, right },
  };
  return { x, dy, windows, shape: outputs[0].shape };
}

/** From this many pixels in a picture on, products for each picture are faster than one product over all pictures. */
const LARGE_PICTURE = 64;
/** Up to this many input channels all taps together make one matrix of a fair width. */
const FEW_CHANNELS = 4;

/** In operators that every ONNX runtime has. */
export const writeOutFilterGradient: Rule = (b, request) => {
  const gradient = filterGradientOf(request);
  if (!gradient) return undefined;
  if (gradient.windows.outHeight * gradient.windows.outWidth < LARGE_PICTURE) return [productOverPictures(b, gradient)];
  return [gradient.x.shape[1] <= FEW_CHANNELS ? productOfAllTaps(b, gradient) : productsOfPictures(b, gradient)];
};

const toChannelsLast = (b: GraphBuilder, x: Value): Value => transpose(b, x, [0, 2, 3, 1]);

/** For each tap one product over the pixels of all pictures, all of them channels last. */
function productOverPictures(b: GraphBuilder, { x, dy, windows, shape }: FilterGradient): Value {
  const [batch, channels, height, width] = dy.shape;
  const pixels = batch * height * width;
  const gradient = reshape(b, toChannelsLast(b, dy), [pixels, channels]);
  const taps = tapsOf(b, toChannelsLast(b, x), windows).map((tap) =>
    gemm(b, reshape(b, tap, [pixels, x.shape[1]]), gradient, true),
  );
  return reshape(b, concat(b, taps, 0), shape);
}

/**
 * For each tap and each picture one product, [out, pixels] times [pixels, in], then the sum over the pictures. The gradient stays
 * channels first, as the convolution before it left it, neither side is transposed, and the pictures are shared out over the
 * threads; so it takes half the time of one product over all pictures where the pictures are large and the channels few.
 */
function productsOfPictures(b: GraphBuilder, { x, dy, windows, shape }: FilterGradient): Value {
  const [batch, channels, height, width] = dy.shape;
  const gradient = reshape(b, dy, [batch, channels, height * width]);
  const sums = tapsOf(b, toChannelsLast(b, x), windows).map((tap) =>
    reduce(b, 'ReduceSum', matMul(b, gradient, reshape(b, tap, [batch, height * width, x.shape[1]])), [0], false),
  );
  const taps = reshape(b, concat(b, sums, 0), [sums.length, channels, x.shape[1]]);
  return reshape(b, transpose(b, taps, [0, 2, 1]), shape);
}

/** As `productsOfPictures`, with all taps of a picture side by side: for a network's first layer, where a tap is a few numbers. */
function productOfAllTaps(b: GraphBuilder, { x, dy, windows, shape }: FilterGradient): Value {
  const [batch, channels, height, width] = dy.shape;
  const gradient = reshape(b, dy, [batch, channels, height * width]);
  const taps = tapsOf(b, toChannelsLast(b, x), windows);
  const columns = reshape(b, concat(b, taps, 3), [batch, height * width, taps.length * x.shape[1]]);
  const sum = reduce(b, 'ReduceSum', matMul(b, gradient, columns), [0], false);
  return reshape(b, transpose(b, sum, [1, 0]), shape);
}
