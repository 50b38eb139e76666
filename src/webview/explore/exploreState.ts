import type { ProjectionSettings } from '../../trainer/protocol';
import { WHOLE_MAP, type MapTool, type MapView, type RendererChoice } from '../map';
import type { PanelSubject } from '../protocol';
import type { PanelState } from '../shell';
import { USUAL_CLUSTERS, type ClusterChoice } from './clusterChoice';
import { mapOf, takesPart, type Comparison } from './comparison';
import { EMPTY_HISTORY, type History } from './history';
import { USUAL } from './projectionFields';
import type { Ranges } from './ranges';

export type ExploreSubject = Extract<PanelSubject, { readonly view: 'explore' }>;

export const DEFAULT_PROJECTION: ProjectionSettings = {
  kind: 'umap',
  neighbours: USUAL.neighbours,
  minDist: USUAL.minDist,
  seed: USUAL.seed,
};

/** Everything of the panel that survives hiding, reload and restart. */
export interface ExploreState extends PanelState {
  readonly subject: ExploreSubject;
  /** Which dataset the item numbers below are of; they mean nothing in another. */
  readonly fingerprint: string;
  readonly projection: ProjectionSettings;
  /** Two models on one map; `undefined` for one. */
  readonly comparison: Comparison | undefined;
  /** `label`, `split`, `metadata:<name>`, `clusters`, or `quality:<measure>`. */
  readonly colourBy: string;
  /** How clusters are found. */
  readonly clustering: ClusterChoice;
  /** Names of the categories that stand out; none: all do. */
  readonly isolated: readonly string[];
  readonly search: string;
  readonly view: MapView;
  readonly history: History;
  readonly selection: Ranges;
  readonly tab: 'item' | 'selection' | 'clusters';
  readonly tool: MapTool;
  readonly pictures: boolean;
  /** Lines to the true neighbours of the item that is looked at, or pointed at. */
  readonly lines: boolean;
  readonly legendOpen: boolean;
  /** `canvas` to do without WebGL, for tests and for broken graphics. */
  readonly renderer: RendererChoice;
}

export function defaultState(subject: ExploreSubject): ExploreState {
  return {
    subject,
    fingerprint: '',
    projection: DEFAULT_PROJECTION,
    comparison: undefined,
    colourBy: 'label',
    clustering: USUAL_CLUSTERS,
    isolated: [],
    search: '',
    view: WHOLE_MAP,
    history: EMPTY_HISTORY,
    selection: [],
    tab: 'item',
    tool: 'pan',
    pictures: true,
    lines: true,
    legendOpen: window.innerWidth >= 760,
    renderer: 'auto',
  };
}

/** The host may show another model than the state was kept with: it is the other one of a comparison, or ends it. */
export function withHostsModel(state: ExploreState): ExploreState {
  const { comparison, subject } = state;
  if (!comparison) return state;
  if (!takesPart(comparison, subject.model)) return { ...state, comparison: undefined };
  return { ...state, projection: mapOf(comparison, subject.model).settings };
}
