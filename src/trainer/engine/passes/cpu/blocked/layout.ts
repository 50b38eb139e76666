/**
 * ONNX Runtime's blocked layout ("NCHWc"): the channels of a picture in blocks that fill one register of the processor, each block
 * with all its pixels, [batch, channels / block, height, width, block]. Convolutions are more than twice as fast in it. ONNX Runtime
 * changes to it by itself for constant filters only; those of a network that learns are inputs, so we do it here. Values
 * in the layout keep the shape [batch, channels, height, width], as ONNX Runtime has it.
 */
import type { GraphBuilder } from '../../../graph/builder';
import { integersOf, madeBy, type Value } from '../../../graph/graph';
import { reshape, transpose } from '../../../graph/operators';

/** Channels in a block: 16 for AVX-512, 8 for AVX. */
export type BlockSize = 4 | 8 | 16;

/** The value in the blocked layout that was given out of it as `x`. */
export function blockedOf(x: Value): Value | undefined {
  const output = madeBy(x, 'ReorderOutput');
  return output?.attributes['channels_last'] === 0 ? output.inputs[0] : undefined;
}

export function toBlocked(b: GraphBuilder, x: Value): Value {
  return blockedOf(x) ?? b.add('ReorderInput', [x], { channels_last: 0 }, x.shape, x.dtype);
}

export function fromBlocked(b: GraphBuilder, x: Value): Value {
  return b.add('ReorderOutput', [x], { channels: x.shape[1], channels_last: 0 }, x.shape, x.dtype);
}

/** As [batch, height, width, channels]. */
export function fromBlockedChannelsLast(b: GraphBuilder, x: Value): Value {
  const [batch, channels, height, width] = x.shape;
  return b.add('ReorderOutput', [x], { channels, channels_last: 1 }, [batch, height, width, channels], x.dtype);
}

/**
 * Filters [out, in, height, width] as [out / block, in / block, height, width, in of the block, out of the block]; fewer input channels
 * than a block has are not split. When the filters are the transposition of others, these are moved once.
 */
export function blockedFilter(b: GraphBuilder, filter: Value, block: BlockSize): Value {
  const inner = madeBy(filter, 'Transpose');
  const source = inner?.inputs[0] ?? filter;
  const [to, from, height, width] = inner ? integersOf(inner, 'perm') : [0, 1, 2, 3];
  const isSplit = (axis: number): boolean => axis === to || (axis === from && filter.shape[1] >= block);
  const shape: number[] = [];
  const outer: number[] = [];
  source.shape.forEach((length, axis) => {
    outer[axis] = shape.length;
    shape.push(...(isSplit(axis) ? [length / block, block] : [length]));
  });
  const ofBlocks = isSplit(from) ? [outer[from] + 1, outer[to] + 1] : [outer[to] + 1];
  const order = [outer[to], outer[from], outer[height], outer[width], ...ofBlocks];
  return reshape(b, transpose(b, reshape(b, source, shape), order), filter.shape);
}
