import type { GraphBuilder, Rule } from '../../../graph/builder';
import { integersOf, madeBy, type Shape, type Value } from '../../../graph/graph';
import { concat, reshape, reverse, slice, transpose } from '../../../graph/operators';
import { sameShape } from '../../../graph/shapes';
import { type BlockSize, blockedFilter, fromBlocked, toBlocked } from './layout';

/** What one row (column) of the strides' raster takes of the filter and of the input, along one axis. */
interface Phase {
  /** The first tap; then every `stride`th. */
  readonly first: number;
  readonly taps: number;
  readonly before: number;
  readonly after: number;
}

/**
 * A transposed convolution with strides (the gradient of a convolution's input) as one small convolution for each place in the raster
 * of the strides, so that no product with a zero between the pixels is computed; then the results are interleaved.
 */
export function transposedConvolution(block: BlockSize): Rule {
  return (b, { op, inputs, attributes, outputs }) => {
    if (op !== 'ConvTranspose' || attributes['group'] !== 1) return undefined;
    const [, , height, width] = outputs[0].shape;
    const [strideHeight, strideWidth] = integersOf({ attributes }, 'strides');
    const [from, to] = inputs[1].shape;
    const isPlain = integersOf({ attributes }, 'dilations').every((dilation) => dilation === 1);
    if (!isPlain || from % block !== 0 || to % block !== 0) return undefined;
    if (height % strideHeight !== 0 || width % strideWidth !== 0) return undefined;
    const [top, left] = integersOf({ attributes }, 'pads');
    const rows = phases(inputs[1].shape[2], strideHeight, top, inputs[0].shape[2], height);
    const columns = phases(inputs[1].shape[3], strideWidth, left, inputs[0].shape[3], width);
    if (!rows || !columns) return undefined;
    const x = toBlocked(b, inputs[0]);
    const filter = heightFirst(b, inputs[1]);
    const parts = rows.map((row) =>
      columns.map((column) => convolvePhase(b, x, filter, { row, column, strideHeight, strideWidth }, block)),
    );
    return [fromBlocked(b, interleave(b, parts, outputs[0].shape, block))];
  };
}

/** Output pixel stride * q + r takes tap k of input pixel q + (r + padding - k) / stride, for the k for which that is whole. */
function phases(filter: number, stride: number, padding: number, input: number, output: number): Phase[] | undefined {
  const found = Array.from({ length: stride }, (_, r): Phase => {
    const first = (r + padding) % stride;
    const taps = Math.ceil((filter - first) / stride);
    const before = taps - 1 - Math.floor((r + padding) / stride);
    return { first, taps, before, after: output / stride + taps - 1 - input - before };
  });
  return found.every(({ taps, before, after }) => taps > 0 && before >= 0 && after >= 0) ? found : undefined;
}

/** [in, out, height, width] as [height, width, out, in], which it mostly was before. */
function heightFirst(b: GraphBuilder, filter: Value): Value {
  const inner = madeBy(filter, 'Transpose');
  const isRecorded = inner && sameShape(integersOf(inner, 'perm'), [3, 2, 0, 1]);
  return isRecorded ? inner.inputs[0] : transpose(b, filter, [2, 3, 1, 0]);
}

interface Place {
  readonly row: Phase;
  readonly column: Phase;
  readonly strideHeight: number;
  readonly strideWidth: number;
}

function convolvePhase(
  b: GraphBuilder,
  x: Value,
  filter: Value,
  { row, column, strideHeight, strideWidth }: Place,
  block: BlockSize,
): Value {
  const [height, width, to] = filter.shape;
  const taps = slice(b, filter, [
    { axis: 0, start: row.first, end: height, step: strideHeight },
    { axis: 1, start: column.first, end: width, step: strideWidth },
  ]);
  const turned = transpose(b, reverse(b, taps, [0, 1]), [2, 3, 0, 1]);
  const pads = [row.before, column.before, row.after, column.after];
  const [batch, , inHeight, inWidth] = x.shape;
  const shape = [
    batch,
    to,
    inHeight + row.before + row.after - row.taps + 1,
    inWidth + column.before + column.after - column.taps + 1,
  ];
  const attributes = { kernel_shape: [row.taps, column.taps], strides: [1, 1], dilations: [1, 1], pads, group: 1 };
  return b.add('BlockedConv', [x, blockedFilter(b, turned, block)], attributes, shape, 'float32');
}

/** Blocked pictures, one for each place in the raster, as one. */
function interleave(b: GraphBuilder, parts: readonly (readonly Value[])[], shape: Shape, block: BlockSize): Value {
  const [batch, channels, height, width] = shape;
  const rows = parts.map((row) => {
    const pixels = (batch * channels * (height / parts.length) * (width / row.length)) / block;
    const columns = row.map((part) => reshape(b, part, [pixels, 1, block]));
    return reshape(b, concat(b, columns, 1), [(batch * channels * (height / parts.length)) / block, 1, width * block]);
  });
  return reshape(b, concat(b, rows, 1), shape);
}
