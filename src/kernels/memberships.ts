const BISECTIONS = 64;
const TOLERANCE: f64 = 1e-5;
const SMALLEST_SCALE: f64 = 1e-3;

/**
 * How strongly each item holds each of its `k` neighbours (McInnes, Healy and Melville 2018, section 3.1): 1 for the nearest, falling
 * with the distance beyond it so that all sum to log2(k + 1).
 * @param meanOfAll of all distances, times k / (k + 1): the scale of rows that have none of their own
 */
export function memberships(from: i32, to: i32, distances: usize, k: i32, meanOfAll: f64, weights: usize): void {
  for (let item = from; item < to; item++) {
    const start = distances + ((<usize>item * k) << 2);
    const end = start + ((<usize>k) << 2);
    let nearest: f64 = 0;
    let sum: f64 = 0;
    for (let at = start; at < end; at += 4) {
      const distance = <f64>load<f32>(at);
      if (nearest == 0 && distance > 0) nearest = distance;
      sum += distance;
    }
    const floor = SMALLEST_SCALE * (nearest > 0 ? sum / <f64>(k + 1) : meanOfAll);
    const scale = max<f64>(scaleFor(start, end, nearest, Math.log2(<f64>(k + 1))), floor);
    for (let at = start; at < end; at += 4) {
      store<f32>(weights + (at - distances), <f32>membership(<f64>load<f32>(at) - nearest, scale));
    }
  }
}

function membership(beyond: f64, scale: f64): f64 {
  return beyond > 0 ? Math.exp(-beyond / scale) : 1;
}

/** By bisection. */
function scaleFor(start: usize, end: usize, nearest: f64, target: f64): f64 {
  let low: f64 = 0;
  let high: f64 = Infinity;
  let scale: f64 = 1;
  for (let i = 0; i < BISECTIONS; i++) {
    let sum: f64 = 0;
    for (let at = start; at < end; at += 4) sum += membership(<f64>load<f32>(at) - nearest, scale);
    if (abs(sum - target) < TOLERANCE) break;
    if (sum > target) high = scale;
    else low = scale;
    scale = high == Infinity ? scale * 2 : (low + high) / 2;
  }
  return scale;
}
