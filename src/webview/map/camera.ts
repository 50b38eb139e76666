import { HOME, type Turn } from './turn';

/** How many radii of the whole the eye is away from its middle: near things look up to a third larger, far ones a fifth smaller. */
const DISTANCE = 4;
export const LARGEST = 1 / (1 - 1 / DISTANCE);
export const SMALLEST = 1 / (1 + 1 / DISTANCE);
/** How many radii the outermost points can come from the middle of the screen, however they are turned. */
export const REACH = 1 / Math.sqrt(1 - 1 / DISTANCE ** 2);

/** Of a cube from -1 to 1. */
export const CORNERS: readonly (readonly [x: number, y: number, z: number])[] = [-1, 1].flatMap((x) =>
  [-1, 1].flatMap((y) => [-1, 1].map((z) => [x, y, z] as const)),
);

/**
 * How points in space come to the plane of the screen (x to the right, y downwards, z towards the person): turned about the
 * middle of the whole, then in perspective. Moving and magnifying come after it, as on a flat map, whose points this leaves as they are.
 */
export class Camera {
  /** The turn as a matrix, column by column, as WebGL takes it. */
  readonly matrix = new Float32Array([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  /** 1 / the distance of the eye from the middle; 0 for a flat map, which has no perspective. */
  nearness = 0;
  /** Radius of the ball about the middle that holds all points. */
  radius = 1;
  private at: Turn = HOME;

  get turn(): Turn {
    return this.at;
  }

  /** Looks at a whole of this radius in space. */
  lookAt(radius: number, turn: Turn): void {
    this.radius = radius;
    this.nearness = 1 / (DISTANCE * radius);
    this.at = turn;
    this.matrix.set(matrixOf(turn));
  }

  /** Looks straight at the plane. */
  lookFlat(): void {
    this.radius = 1;
    this.nearness = 0;
    this.matrix.set([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  }

  /** How far towards the person a place lies, in world units, from -radius to radius. */
  depth(x: number, y: number, z: number): number {
    const { matrix } = this;
    return matrix[2] * x + matrix[5] * y + matrix[8] * z;
  }

  /** Where a place is seen on the plane of the screen. */
  seenX(x: number, y: number, z: number): number {
    const { matrix } = this;
    return (matrix[0] * x + matrix[3] * y + matrix[6] * z) * this.scaleAt(this.depth(x, y, z));
  }

  seenY(x: number, y: number, z: number): number {
    const { matrix } = this;
    return (matrix[1] * x + matrix[4] * y + matrix[7] * z) * this.scaleAt(this.depth(x, y, z));
  }

  /** How much larger a place in this depth looks than one in the middle. */
  scaleAt(depth: number): number {
    return 1 / (1 - depth * this.nearness);
  }

  /** The place in the middle's depth that is seen at (x, y). */
  placeAt(x: number, y: number): readonly [number, number, number] {
    const [a, b, , c, d, , e, f] = this.matrix;
    return [a * x + b * y, c * x + d * y, e * x + f * y];
  }
}

function matrixOf([x, y, z, w]: Turn): number[] {
  return [
    ...[1 - 2 * (y * y + z * z), 2 * (x * y + z * w), 2 * (x * z - y * w)],
    ...[2 * (x * y - z * w), 1 - 2 * (x * x + z * z), 2 * (y * z + x * w)],
    ...[2 * (x * z + y * w), 2 * (y * z - x * w), 1 - 2 * (x * x + y * y)],
  ];
}
