import type { Dataset } from '../dataset/dataset';
import { heldOutItems } from '../training/heldOut';
import type { ModelId } from '../types/embedding';
import type { EvaluationReport } from '../types/evaluation';

/** Items that are searched among themselves. */
export interface Searched {
  readonly by: EvaluationReport['heldOut']['by'];
  readonly classes: number;
  readonly items: readonly number[];
  /** One code an item, none below 0. */
  readonly labels: Int32Array;
}

/**
 * What a run held out, or all labelled items when the model is no run. A run that held out both whole classes and items of the
 * classes that it learned from is measured on each, the classes first.
 */
export async function itemsToSearch(
  dataset: Dataset,
  model: ModelId,
): Promise<{ main: Searched; unseenItems?: Searched }> {
  const all = [...dataset.items.hashes.keys()];
  if (!model.startsWith('run:')) return { main: searched(dataset, 'none', all) };
  const heldOut = await heldOutItems(dataset, model.slice('run:'.length));
  const main = searched(dataset, heldOut.by, [...heldOut.items]);
  if (heldOut.unseenItems === undefined) return { main };
  return { main, unseenItems: searched(dataset, 'item', [...heldOut.unseenItems]) };
}

function searched(dataset: Dataset, by: Searched['by'], chosen: readonly number[]): Searched {
  const { codes } = dataset.items.label;
  const items = chosen.filter((item) => codes[item] >= 0);
  const labels = Int32Array.from(items, (item) => codes[item]);
  return { by, classes: new Set(labels).size, items, labels };
}
