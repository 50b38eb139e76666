import { KindredError } from '../../rpc/errors';
import type { ItemTable } from '../dataset/itemTable';
import type { SupervisionKind } from '../types/sampling';
import type { LossSettings } from '../types/training';

/** What a training learns from. */
export interface TrainingSet {
  /** The items of each class. */
  readonly classes: readonly Int32Array[];
  /** Classes are the labels, or each image is its own class and two views of it are the same (SimCLR, Chen 2020). */
  readonly by: 'label' | 'image';
}

/**
 * Groups the items that are not held out into classes. A loss that needs no labels learns from images without, or with one label
 * only, by telling each image from all others.
 * @param heldOut contents that are held out.
 * @param supervision `labels` refuses to do without, `none` does not look at them.
 * @throws KindredError `bad-input` when there is nothing to tell apart.
 */
export function trainingSet(
  table: ItemTable,
  heldOut: ReadonlySet<string>,
  loss: LossSettings,
  supervision?: SupervisionKind,
): TrainingSet {
  const usable = [...table.hashes.keys()].filter((item) => !heldOut.has(table.hashes[item]));
  if (usable.length === 0) {
    throw new KindredError('bad-input', 'There are no images to train on.', {
      remedy: 'Open a dataset with images, or hold out fewer of them.',
    });
  }
  const labelled = supervision === 'none' ? [] : usable.filter((item) => table.label.codes[item] >= 0);
  const classes = group(labelled, (item) => table.label.codes[item]);
  if (classes.length >= 2) return { classes, by: 'label' };
  if (needsLabels(loss) || supervision === 'labels') throw nothingToCompare(table, labelled);
  const images = group(usable, (item) => table.hashes[item]);
  if (images.length >= 2) return { classes: images, by: 'image' };
  throw new KindredError('bad-input', 'There is only one image to train on.', {
    remedy: 'Add images: a training compares different ones.',
  });
}

/** Whether all that two views of an image are alike is too little for the loss. */
export function needsLabels(loss: LossSettings): boolean {
  if (loss.kind === 'sum') return loss.parts.some((part) => needsLabels(part.loss));
  return !['nt-xent', 'sup-con', 'vicreg'].includes(loss.kind);
}

function group(items: readonly number[], keyOf: (item: number) => number | string): Int32Array[] {
  const groups = new Map<number | string, number[]>();
  for (const item of items) {
    const members = groups.get(keyOf(item));
    if (members) members.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups.values()].map((members) => Int32Array.from(members));
}

function nothingToCompare(table: ItemTable, labelled: readonly number[]): KindredError {
  const remedy =
    'Choose the NT-Xent, supervised contrastive or VICReg loss, which learn from images without labels, or sort the images into folders, one for each class.';
  if (labelled.length === 0) {
    return new KindredError(
      'bad-input',
      'The images have no labels, and this loss compares images of different labels.',
      {
        remedy,
      },
    );
  }
  const label = table.label.categories[table.label.codes[labelled[0]]];
  return new KindredError(
    'bad-input',
    `All ${labelled.length} items to train on have the label "${label}"; this loss compares items of different labels.`,
    { remedy },
  );
}
