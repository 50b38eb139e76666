/** How a map in space is turned: a unit quaternion, x, y, z, w. */
export type Turn = readonly [x: number, y: number, z: number, w: number];

/** About the axis that points down on the screen, then about the one that points to the right; in radians. */
export function turnBy(right: number, down: number): Turn {
  const [c, s] = [Math.cos(right / 2), Math.sin(right / 2)];
  const [d, t] = [Math.cos(down / 2), Math.sin(down / 2)];
  return after([-t, 0, 0, d], [0, s, 0, c]);
}

/** From a little to the side and above, so that one sees at once that there is depth. */
export const HOME: Turn = turnBy(-0.5, 0.3);

/** The turn `next` after the turn `first`. */
export function after(next: Turn, first: Turn): Turn {
  const [a, b, c, d] = next;
  const [x, y, z, w] = first;
  return unit([
    d * x + a * w + b * z - c * y,
    d * y - a * z + b * w + c * x,
    d * z + a * y - b * x + c * w,
    d * w - a * x - b * y - c * z,
  ]);
}

/** The share `share` (0 to 1) of the shortest way from one turn to another, at an even pace. */
export function between(from: Turn, to: Turn, share: number): Turn {
  const cosine = from.reduce((sum, value, i) => sum + value * to[i], 0);
  const side = cosine < 0 ? -1 : 1;
  const angle = Math.acos(Math.min(1, Math.abs(cosine)));
  const [a, b] = angle < 1e-4 ? [1 - share, share] : [Math.sin((1 - share) * angle), Math.sin(share * angle)];
  const mix = (i: 0 | 1 | 2 | 3): number => a * from[i] + b * side * to[i];
  return unit([mix(0), mix(1), mix(2), mix(3)]);
}

function unit([x, y, z, w]: Turn): Turn {
  const length = Math.hypot(x, y, z, w);
  return [x / length, y / length, z / length, w / length];
}
