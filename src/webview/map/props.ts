import type { Colour, ThemeColours } from '../shell/theme';
import type { ThumbnailCache } from '../shell/thumbnails';
import type { MapDims } from '../../trainer/protocol';
import type { Turn } from './turn';

/** Which part of the map is shown: its centre in world coordinates (the points fill -1 to 1), the magnification, and in space the turn. */
export interface MapView {
  readonly x: number;
  readonly y: number;
  readonly k: number;
  readonly turn?: Turn;
}

export const WHOLE_MAP: MapView = { x: 0, y: 0, k: 1 };

/** What a drag does: move the map (in space: turn it), or draw a lasso (Shift+drag always draws one). */
export type MapTool = 'pan' | 'lasso';

/** `canvas` forces the fallback, for machines whose WebGL is broken, and for tests. */
export type RendererChoice = 'auto' | 'canvas';

/** The name of a group of points. */
export interface MapName {
  readonly text: string;
  /** The point at which it stands. */
  readonly item: number;
  /** 0 for whole groups, 1 for their parts, and so on: finer names come as the map is magnified. */
  readonly depth: number;
  /** There is nothing finer. */
  readonly isLast: boolean;
  /** Heavier ones come first where there is no room for all. */
  readonly weight: number;
}

/**
 * Everything that the map shows and tells. Arrays are compared by identity: give a new array for a new content. The arrays are read,
 * never changed; item i is row i of each.
 */
export interface ScatterProps {
  /** `dims` numbers a point in turn, in any unit; points move there from where they are. */
  readonly positions: Float32Array;
  /** How long they take to get there, in milliseconds; 300 when it is not said. */
  readonly moveMs?: number | undefined;
  /** 3 for a map in space: x to the right, y downwards, z towards the person. 2 when not given. */
  readonly dims?: MapDims;
  /** Code of each point's category, -1 for none. */
  readonly codes: Int32Array;
  /** Colour of each code. */
  readonly colours: readonly Colour[];
  readonly missingColour: Colour;
  /** 1 for points that stand back (not of the isolated labels, not found by the search); they stay visible. */
  readonly dimmed?: Uint8Array | undefined;
  /** Points of the lasso; all others stand back while it is not empty. */
  readonly selected?: ReadonlySet<number> | undefined;
  /** The point that the person looks at, -1 for none. */
  readonly active?: number;
  /** Points joined to another by lines: its true neighbours. */
  readonly links?: Int32Array | undefined;
  /** The point that the lines start from; the active one when it is not said. */
  readonly linksFrom?: number | undefined;
  readonly names?: readonly MapName[];
  readonly tool?: MapTool;
  readonly theme: ThemeColours;
  readonly renderer?: RendererChoice;
  /** Accessible name. */
  readonly label: string;
  /** Shows pictures instead of points where there is room for them. */
  readonly pictures?: ThumbnailCache | undefined;
  /** Pixels on the left that something else covers; the whole map is fitted beside it. */
  readonly insetLeft?: number;
  /** The part to show at the start; later changes of this property are ignored. */
  readonly view?: MapView | undefined;

  /** Pointer over another point, or over none (-1); in pixels of the window. */
  readonly onHover?: (item: number, x: number, y: number) => void;
  /** Click on a point, or beside all (-1). */
  readonly onActivate?: (item: number) => void;
  /** Points inside a finished lasso, ascending; `add` when Ctrl or Command was held. */
  readonly onLasso?: (items: Int32Array, add: boolean) => void;
  readonly onView?: (view: MapView) => void;
  /** Which renderer draws, told at the start and after every change. */
  readonly onRenderer?: (kind: 'webgl' | 'canvas') => void;
}
