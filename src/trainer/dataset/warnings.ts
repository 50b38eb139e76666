import type { DatasetWarning, Modality, NamedCount } from '../types/dataset';

/** A class this many times larger than the median class is called dominant. */
const HEAVY = 10;

/** What a person should know of a dataset before training on it. */
export function warningsOf(items: number, labels: readonly NamedCount[], modality: Modality): DatasetWarning[] {
  if (labels.length === 0) {
    const remedy =
      'Put each class in a folder of its own, or open a manifest with a column for the label; maps and duplicates work without.';
    return [{ message: 'No item has a label.', remedy }];
  }
  return [
    ...unlabelled(items, labels),
    ...fewClasses(labels),
    ...singles(labels, modality),
    ...imbalance(labels, modality),
  ];
}

function unlabelled(items: number, labels: readonly NamedCount[]): DatasetWarning[] {
  const missing = items - labels.reduce((sum, label) => sum + label.count, 0);
  if (missing === 0) return [];
  const remedy = 'Label them, or leave them: training with labels passes over them.';
  return [{ message: `${missing} of ${items} items have no label.`, remedy }];
}

function fewClasses(labels: readonly NamedCount[]): DatasetWarning[] {
  if (labels.length > 1) return [];
  const remedy = 'Add a second class: telling classes apart needs at least two.';
  return [{ message: `There is one class only, "${labels[0].name}".`, remedy }];
}

function singles(labels: readonly NamedCount[], modality: Modality): DatasetWarning[] {
  const names = labels.filter((label) => label.count === 1).map((label) => `"${label.name}"`);
  if (names.length === 0) return [];
  const some = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
  const message =
    names.length === 1
      ? `The class ${some} has one ${modality} only.`
      : `${names.length} classes have one ${modality} only: ${some}.`;
  return [{ message, remedy: `Add ${modality}s to them: a class needs two before its ${modality}s can be compared.` }];
}

function imbalance(labels: readonly NamedCount[], modality: Modality): DatasetWarning[] {
  const sorted = [...labels].sort((a, b) => b.count - a.count);
  const median = sorted[sorted.length >> 1].count;
  const largest = sorted[0];
  if (largest.count <= HEAVY * median) return [];
  const message = `The classes are of very unequal size: "${largest.name}" has ${largest.count} ${modality}s, the median class ${median}.`;
  return [{ message, remedy: 'Batches take classes equally often; collect more of the small classes if they matter.' }];
}
