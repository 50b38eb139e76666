import type { ModelId, ProjectionSettings } from '../../trainer/protocol';

/** A map that can be made. */
export interface MapWish {
  readonly model: ModelId;
  readonly settings: ProjectionSettings;
}

/** Two models whose maps of the same items are flipped; which of them is shown, the panel's subject says. */
export interface Comparison {
  /** Lies as it lay when the comparison began. */
  readonly reference: MapWish;
  /** Begins from the reference's map and is turned to lie like it. */
  readonly other: MapWish;
  /** The person has arranged the other one anew: it lies by itself. */
  readonly apart: boolean;
}

/** Maps of a kind that moves items lie like another; the two widest directions and columns of a table are where they are. */
export function canLieLike({ kind }: ProjectionSettings): boolean {
  return kind === 'umap' || kind === 'tsne';
}

/** Compares another model with a map, which is arranged with the same settings. */
export function compared(reference: MapWish, model: ModelId): Comparison {
  return { reference, other: { model, settings: alone(reference.settings) }, apart: false };
}

/** Whether the model is one of the two. */
export function takesPart({ reference, other }: Comparison, model: ModelId): boolean {
  return model === reference.model || model === other.model;
}

/** The map of a model of the comparison. */
export function mapOf({ reference, other }: Comparison, model: ModelId): MapWish {
  return model === reference.model ? reference : other;
}

/** What flipping leads to. */
export function opposite({ reference, other }: Comparison, model: ModelId): MapWish {
  return model === reference.model ? other : reference;
}

/** The map that the model's map is to lie like; `undefined` for none. */
export function referenceOf(comparison: Comparison | undefined, model: ModelId): MapWish | undefined {
  if (!comparison || comparison.apart || model !== comparison.other.model) return undefined;
  const { reference, other } = comparison;
  const sameDims = (other.settings.dims ?? 2) === (reference.settings.dims ?? 2);
  // Positions of the person's own columns are not kept, so nothing can begin from them.
  return canLieLike(other.settings) && sameDims && reference.settings.kind !== 'columns' ? reference : undefined;
}

/** After the map of a model of the comparison was arranged in another way. */
export function rearranged(comparison: Comparison, wish: MapWish, anew: boolean): Comparison {
  if (wish.model === comparison.reference.model) return { ...comparison, reference: wish };
  return { ...comparison, other: wish, apart: anew };
}

/** The settings without what the map once began from. */
export function alone(settings: ProjectionSettings): ProjectionSettings {
  const { like, ...rest } = settings;
  return like === undefined ? settings : rest;
}
