/** A linear map of features: row x weight + bias. */
export interface LinearMap {
  /** [inputs, outputs], row-major. */
  readonly weight: Float32Array<ArrayBuffer>;
  /** [outputs] */
  readonly bias: Float32Array<ArrayBuffer>;
}

/**
 * The map onto directions, with the mean going to 0. Where there are fewer directions than outputs, the last outputs are 0.
 * @param directions one after the other, each `inputs` long; what each is multiplied with is in them.
 */
export function mapOnto(directions: Float64Array, mean: Float64Array, outputs: number): LinearMap {
  const inputs = mean.length;
  const weight = new Float32Array(inputs * outputs);
  const bias = new Float32Array(outputs);
  for (let j = 0; j * inputs < directions.length && j < outputs; j++) {
    let shift = 0;
    for (let k = 0; k < inputs; k++) {
      const value = directions[j * inputs + k];
      weight[k * outputs + j] = value;
      shift += value * mean[k];
    }
    bias[j] = -shift;
  }
  return { weight, bias };
}
