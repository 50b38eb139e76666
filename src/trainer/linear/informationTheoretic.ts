import { breathe } from '../store/slices';
import { drawPairs } from './itml';
import type { LinearMap } from './map';
import type { Labelled, Moments } from './moments';
import { learnMetric, solve } from './solve';

/** Information-theoretic metric learning on whitened features, as a linear map: distances after it are those of the metric. */
export async function informationTheoretic(features: Labelled, moments: Moments, size: number): Promise<LinearMap> {
  const width = Math.min(size, features.dims);
  const whitened = await solve('whitening', moments, width);
  const directions = await learnMetric(drawPairs(await mapped(features, whitened, width)));
  return composed(whitened, directions, width, size);
}

async function mapped(features: Labelled, { weight, bias }: LinearMap, width: number): Promise<Labelled> {
  const { data, dims, rows } = features;
  const out = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    await breathe();
    const to = out.subarray(row * width, (row + 1) * width);
    to.set(bias.subarray(0, width));
    for (let k = 0; k < dims; k++) {
      const x = data[row * dims + k];
      for (let j = 0; j < width; j++) to[j] += x * weight[k * width + j];
    }
  }
  return { ...features, data: out, dims: width };
}

/** First `first`, then onto the directions; outputs beyond them are 0. */
function composed(first: LinearMap, directions: Float64Array, width: number, size: number): LinearMap {
  const inputs = first.weight.length / width;
  const onto = (values: ArrayLike<number>, from: number, j: number): number => {
    let sum = 0;
    for (let k = 0; k < width; k++) sum += values[from + k] * directions[j * width + k];
    return sum;
  };
  const weight = new Float32Array(inputs * size);
  for (let i = 0; i < inputs; i++)
    for (let j = 0; j < width; j++) weight[i * size + j] = onto(first.weight, i * width, j);
  const bias = Float32Array.from({ length: size }, (_, j) => (j < width ? onto(first.bias, 0, j) : 0));
  return { weight, bias };
}
