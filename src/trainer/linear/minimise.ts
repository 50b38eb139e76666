/** A function's value and its gradient. */
export interface Evaluation {
  readonly value: number;
  readonly gradient: Float64Array;
}

export interface MinimiseOptions {
  readonly iterations: number;
  /** Ends when the value falls by less than this share of itself. */
  readonly tolerance?: number;
}

/** Pairs of steps and changes of the gradient that are remembered. */
const MEMORY = 8;
/** Of the fall that the slope promises, what a step must bring at least (Armijo 1966). */
const SUFFICIENT = 1e-4;
const MOST_HALVINGS = 20;

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  /** 1 / (step . change) */
  readonly weight: number;
}

/** The limited-memory BFGS method with halving of steps (Nocedal and Wright, "Numerical Optimization", 7.2). The value never rises. */
export async function minimise(
  evaluate: (x: Float64Array) => Promise<Evaluation>,
  start: Float64Array,
  { iterations, tolerance = 1e-5 }: MinimiseOptions,
): Promise<Float64Array> {
  let x = start;
  let now = await evaluate(x);
  const pairs: Pair[] = [];
  for (let i = 0; i < iterations; i++) {
    const direction = twoLoops(now.gradient, pairs);
    const slope = dot(direction, now.gradient);
    if (!(slope < 0)) break;
    const found = await search(evaluate, x, now, direction, i === 0 ? firstLength(x, now.gradient) : 1);
    if (found === undefined) break;
    remember(pairs, difference(found.x, x), difference(found.next.gradient, now.gradient));
    const fall = now.value - found.next.value;
    x = found.x;
    now = found.next;
    if (fall <= tolerance * Math.max(Math.abs(now.value), 1e-12)) break;
  }
  return x;
}

/** Without a memory the gradient's own length says nothing: the first step is a tenth of the way from 0. */
function firstLength(x: Float64Array, gradient: Float64Array): number {
  return Math.max(0.1 * Math.sqrt(dot(x, x)), 1e-3) / Math.sqrt(dot(gradient, gradient));
}

async function search(
  evaluate: (x: Float64Array) => Promise<Evaluation>,
  x: Float64Array,
  now: Evaluation,
  direction: Float64Array,
  first: number,
): Promise<{ readonly x: Float64Array; readonly next: Evaluation } | undefined> {
  const slope = dot(direction, now.gradient);
  let length = first;
  for (let i = 0; i < MOST_HALVINGS; i++) {
    const moved = x.map((value, k) => value + length * direction[k]);
    const next = await evaluate(moved);
    if (next.value <= now.value + SUFFICIENT * length * slope) return { x: moved, next };
    length /= 2;
  }
  return undefined;
}

/** Minus the gradient times the approximate inverse of the Hessian that the pairs tell. */
function twoLoops(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const q = gradient.slice();
  const shares = pairs.map(() => 0);
  for (let i = pairs.length - 1; i >= 0; i--) {
    shares[i] = pairs[i].weight * dot(pairs[i].step, q);
    add(q, pairs[i].change, -shares[i]);
  }
  const last = pairs.at(-1);
  if (last) scale(q, 1 / (last.weight * dot(last.change, last.change)));
  pairs.forEach(({ step, change, weight }, i) => add(q, step, shares[i] - weight * dot(change, q)));
  scale(q, -1);
  return q;
}

function remember(pairs: Pair[], step: Float64Array, change: Float64Array): void {
  const curvature = dot(step, change);
  // Where it curves downwards the pair would spoil the approximation.
  if (curvature <= 1e-12 * dot(change, change)) return;
  pairs.push({ step, change, weight: 1 / curvature });
  if (pairs.length > MEMORY) pairs.shift();
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, k) => value - b[k]);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

function add(to: Float64Array, values: Float64Array, times: number): void {
  for (let k = 0; k < to.length; k++) to[k] += times * values[k];
}

function scale(values: Float64Array, by: number): void {
  for (let k = 0; k < values.length; k++) values[k] *= by;
}
