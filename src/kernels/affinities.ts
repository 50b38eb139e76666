const BISECTIONS = 64;
const TOLERANCE: f64 = 1e-5;

/**
 * How likely each item is to pick each of its `k` neighbours: exp(-beta d^2), beta such that the perplexity of the choice is the wanted one
 * (van der Maaten and Hinton 2008, section 2). Sums to 1 for each item.
 * @param squares squared distances, row-major, rising in each row
 * @param entropy logarithm of the perplexity
 */
export function affinities(from: i32, to: i32, squares: usize, k: i32, entropy: f64, out: usize): void {
  for (let item = from; item < to; item++) {
    const offset = (<usize>item * k) << 2;
    const start = squares + offset;
    const end = start + ((<usize>k) << 2);
    const beta = betaFor(start, end, entropy);
    const nearest = <f64>load<f32>(start);
    let sum: f64 = 0;
    for (let at = start; at < end; at += 4) sum += Math.exp(-beta * (<f64>load<f32>(at) - nearest));
    for (let at = start; at < end; at += 4) {
      store<f32>(out + (at - squares), <f32>(Math.exp(-beta * (<f64>load<f32>(at) - nearest)) / sum));
    }
  }
}

/** By bisection. When even all neighbours alike are too few, or the nearest too many, it ends at what is possible. */
function betaFor(start: usize, end: usize, entropy: f64): f64 {
  const nearest = <f64>load<f32>(start);
  let low: f64 = 0;
  let high: f64 = Infinity;
  let mean: f64 = 0;
  for (let at = start; at < end; at += 4) mean += <f64>load<f32>(at) - nearest;
  mean /= <f64>((end - start) >> 2);
  if (!(mean > 0)) return 0;
  let beta: f64 = 1 / mean;
  for (let i = 0; i < BISECTIONS; i++) {
    let sum: f64 = 0;
    let weighted: f64 = 0;
    for (let at = start; at < end; at += 4) {
      const beyond = <f64>load<f32>(at) - nearest;
      const weight = Math.exp(-beta * beyond);
      sum += weight;
      weighted += weight * beyond;
    }
    const difference = Math.log(sum) + (beta * weighted) / sum - entropy;
    if (abs(difference) < TOLERANCE) break;
    if (difference > 0) low = beta;
    else high = beta;
    beta = high == Infinity ? beta * 2 : (low + high) / 2;
  }
  return beta;
}
