/** A layout that is computed in steps, so that it can be watched. */
export interface Layout {
  /** How many steps there are in all. */
  readonly epochs: number;
  /** Runs one; gives how many have been run. */
  step(): number;
  /** x and y (and z in space) of each item in turn. */
  positions(): Float64Array;
}
