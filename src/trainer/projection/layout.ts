/** A layout that is computed in steps, so that it can be watched. */
export interface Layout {
  /** How many steps there are in all. */
  readonly epochs: number;
  /** Runs one; gives how many have been run. */
  step(): number;
  /** x and y (and z in space) of each item in turn. */
  positions(): Float64Array;
  /** With it the layout can go on later, to the same bytes; those that draw their random numbers one after the other have none. */
  state?(): LayoutState;
}

/** How far a layout is. Its draws depend on the seed and the epoch alone. */
export interface LayoutState {
  /** Epochs that have been run. */
  readonly epoch: number;
  readonly seed?: number;
  /** As many numbers an item as the map has dimensions, in the layout's own units. */
  readonly positions: Float32Array;
  /** What else it carries from one epoch to the next, by name. */
  readonly rest: Readonly<Record<string, Float32Array>>;
}
