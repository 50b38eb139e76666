import type { ItemTable } from '../dataset/itemTable';
import type { CategoryColumn } from '../types/dataset';
import type { Cluster } from '../types/clusters';
import { clusterMembers, clustersAtDepth, clusterSizes, depthsOf } from './clusterTree';
import type { FoundClusters } from './worker';
import { distinguishingWords, itemWords, type ItemWords } from './words';

/** A label names a cluster when at least this share of the cluster has it, */
const NAMING_PURITY = 0.5;
/** and "... and others" with this share; a smaller one tells nothing of the rest. */
const OTHERS_PURITY = 0.2;
/** Words in a name. */
const NAMING_WORDS = 2;

/** What each cluster contains: its dominant label, the words that tell it from those beside it, and a name made of both. */
export async function describeClusters(
  { tree, examples }: FoundClusters,
  items: ItemTable,
  signal: AbortSignal,
): Promise<Cluster[]> {
  const depths = depthsOf(tree.parents);
  const sizes = clusterSizes(tree);
  const members = clusterMembers(tree);
  const labels = members.map((inside) => dominantLabel(items.label, inside));
  const [beside, ofLabels] = [
    await wordsByDepth(tree, await itemWords(items, false, signal), depths, signal),
    await wordsByDepth(tree, await itemWords(items, true, signal), depths, signal),
  ];
  const words = labels.map((label, id) => (isNaming(label) ? beside : ofLabels)[id]);
  const clusters: Cluster[] = [];
  const taken = new Map<number, Set<string>>();
  for (let id = 0; id < tree.parents.length; id++) {
    const parent = tree.parents[id];
    const label = labels[id];
    const siblings = taken.get(parent) ?? new Set();
    taken.set(parent, siblings);
    const name = distinct(nameOf(label, words[id], clusters.at(parent), parent, siblings.size + 1), siblings);
    siblings.add(name);
    clusters.push({
      id,
      parent,
      depth: depths[id],
      size: sizes[id],
      name,
      ...(label === undefined ? {} : { label }),
      words: words[id],
      ...examples[id],
    });
  }
  return clusters;
}

/** Clusters of a depth are compared with each other. */
async function wordsByDepth(
  tree: FoundClusters['tree'],
  words: ItemWords,
  depths: Int32Array,
  signal: AbortSignal,
): Promise<string[][]> {
  const found: string[][] = Array.from(depths, () => []);
  const deepest = depths.reduce((most, depth) => Math.max(most, depth), -1);
  for (let depth = 0; depth <= deepest; depth++) {
    const ids = [...depths.keys()].filter((id) => depths[id] === depth);
    const classOfId = new Int32Array(depths.length).fill(-1);
    ids.forEach((id, place) => (classOfId[id] = place));
    const classOf = clustersAtDepth(tree, depth).map((id) => (id < 0 ? -1 : classOfId[id]));
    const telling = await distinguishingWords(words, classOf, ids.length, signal);
    ids.forEach((id, place) => (found[id] = telling[place]));
  }
  return found;
}

/** The label that most of the labelled items have, the first of equals; undefined when none has one. */
export function dominantLabel(column: CategoryColumn, members: Int32Array): Cluster['label'] {
  const counts = new Int32Array(column.categories.length);
  let labelled = 0;
  for (const item of members) {
    if (column.codes[item] < 0) continue;
    counts[column.codes[item]]++;
    labelled++;
  }
  if (labelled === 0) return undefined;
  const most = counts.reduce((best, count, code) => (count > counts[best] ? code : best), 0);
  return { name: column.categories[most], purity: counts[most] / labelled };
}

/** The label where it dominates, with words where the whole has the same one; otherwise words; otherwise a number. */
function nameOf(
  label: Cluster['label'],
  words: readonly string[],
  whole: Cluster | undefined,
  parent: number,
  number: number,
): string {
  const telling = words.slice(0, NAMING_WORDS).join(', ');
  const isNamed = isNaming(label);
  const isNew = parent < 0 || whole?.label?.name !== label?.name || !isNaming(whole?.label);
  if (label !== undefined && isNamed) return isNew || telling === '' ? label.name : `${label.name}: ${telling}`;
  if (telling !== '') return telling;
  return label !== undefined && label.purity >= OTHERS_PURITY ? `${label.name} and others` : `Cluster ${number}`;
}

function isNaming(label: Cluster['label']): boolean {
  return label !== undefined && label.purity >= NAMING_PURITY;
}

function distinct(name: string, taken: ReadonlySet<string>): string {
  let number = 2;
  let tried = name;
  while (taken.has(tried)) tried = `${name} (${number++})`;
  return tried;
}
