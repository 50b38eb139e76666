/**
 * Resizing of pictures and its gradients. Each row (column) of the result is a fixed mix of the input's, so a resize is a
 * product with one constant matrix a side, and its gradient is the product with the same matrices transposed.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { GraphBuilder } from '../../graph/builder';
import type { Value } from '../../graph/graph';
import { cast, matMul, transpose } from '../../graph/operators';
import { type Recorder, recorder } from '../kernel';
import { toChannelsFirst, toChannelsLast } from './layout';

type Method = 'bilinear' | 'nearest';

interface Sampling {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

interface ResizeAttributes extends Sampling {
  readonly size: [number, number];
}

export const resizeRecorders: readonly Recorder[] = [
  recorder<tf.ResizeBilinearInputs, ResizeAttributes>('ResizeBilinear', (b, { images }, attributes) =>
    resize(b, images, attributes, 'bilinear'),
  ),
  recorder<tf.ResizeBilinearGradInputs, Sampling>('ResizeBilinearGrad', (b, { images, dy }, sampling) =>
    resizeGradient(b, images, dy, sampling, 'bilinear'),
  ),
  recorder<tf.ResizeNearestNeighborInputs, ResizeAttributes>('ResizeNearestNeighbor', (b, { images }, attributes) =>
    resize(b, images, attributes, 'nearest'),
  ),
  recorder<tf.ResizeNearestNeighborGradInputs, Sampling>('ResizeNearestNeighborGrad', (b, { images, dy }, sampling) =>
    resizeGradient(b, images, dy, sampling, 'nearest'),
  ),
];

function resize(b: GraphBuilder, images: Value, { size, ...sampling }: ResizeAttributes, method: Method): Value {
  const [, height, width] = images.shape;
  const rows = shares(b, height, size[0], sampling, method);
  const columns = shares(b, width, size[1], sampling, method);
  return mixSides(b, images, rows, transpose(b, columns, [1, 0]));
}

function resizeGradient(b: GraphBuilder, images: Value, dy: Value, sampling: Sampling, method: Method): Value {
  const [, height, width] = images.shape;
  const rows = shares(b, height, dy.shape[1], sampling, method);
  const columns = shares(b, width, dy.shape[2], sampling, method);
  return mixSides(b, dy, transpose(b, rows, [1, 0]), columns);
}

function mixSides(b: GraphBuilder, images: Value, left: Value, right: Value): Value {
  const planes = toChannelsFirst(b, cast(b, images, 'float32'));
  return toChannelsLast(b, matMul(b, left, matMul(b, planes, right)));
}

/** [to, from]: row i holds how much of each of the input's places is in place i of the result. */
function shares(b: GraphBuilder, from: number, to: number, sampling: Sampling, method: Method): Value {
  const matrix = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const at = sourceOf(i, from, to, sampling, method);
    if (method === 'nearest') {
      const place = sampling.alignCorners ? Math.round(at) : Math.floor(at);
      matrix[i * from + Math.min(Math.max(place, 0), from - 1)] = 1;
      continue;
    }
    const inside = Math.min(Math.max(at, 0), from - 1);
    const lower = Math.floor(inside);
    matrix[i * from + lower] += 1 - (inside - lower);
    if (lower + 1 < from) matrix[i * from + lower + 1] += inside - lower;
  }
  return b.constant(matrix, [to, from], 'float32');
}

/** Where place `i` of the result lies in the input. With half pixels, the nearest place is the one that holds the centre. */
function sourceOf(i: number, from: number, to: number, sampling: Sampling, method: Method): number {
  const scale = sampling.alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
  if (!sampling.halfPixelCenters) return i * scale;
  return (i + 0.5) * scale - (method === 'bilinear' ? 0.5 : 0);
}
