import { KindredError } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import type { Dataset } from '../dataset/dataset';
import { ensurePixels } from '../dataset/pixels';
import { openTexts } from '../dataset/texts';
import { loadEmbedding } from '../embedding/embedding';
import { topSimilar } from '../engine/similarity';
import { neighbourGraph } from '../neighbours/exact';
import type { DecisionState, DuplicateReport, DuplicateSettings } from '../types/curation';
import type { Progress } from '../types/progress';
import { describeGroups } from './describeGroups';
import { embeddingEvidence, FEW_NEIGHBOURS } from './embeddingEvidence';
import { type Evidence } from './evidence';
import { growGroups } from './groups';
import { LinkList } from './links';
import { buildNodes, type Nodes } from './nodes';
import { Pace } from './pace';
import { type Agreement, perceptualEvidence } from './perceptualEvidence';
import { Signatures } from './signature';
import { TextSignatures } from './textSignatures';

/** Side of the stored pixels that confirm a perceptual hash; opening a dataset makes them. */
const PIXELS = 64;

/**
 * Groups of items that are the same picture, for the evidence that the settings name; the same bytes always count.
 * See `growGroups` for what a group is, `Signatures` for when a perceptual hash counts.
 * @throws KindredError `invalid-argument` for settings out of range, `not-found` for an unknown embedding, `cancelled`
 */
export async function findDuplicates(
  dataset: Dataset,
  settings: DuplicateSettings,
  decisions: DecisionState,
  context: CallContext<Progress>,
): Promise<DuplicateReport> {
  checkSettings(settings);
  const pace = new Pace(context);
  const nodes = buildNodes(dataset.items, decisions.decisions);
  const links = new LinkList();
  const evidence: Evidence[] = [];
  linkCopies(nodes, links);
  if (settings.perceptualDistance >= 0) evidence.push(await perceptual(dataset, settings, nodes, links, pace, context));
  if (settings.embedding !== undefined) evidence.push(await embedded(dataset, settings, nodes, links, pace, context));
  const alike = (a: number, b: number): boolean =>
    nodes.hashes[a] === nodes.hashes[b] || evidence.some((one) => one.distance(a, b) !== undefined);
  const grown = await growGroups({ nodes: nodes.count, links, alike, apart: nodes.apart }, pace);
  const { items } = dataset;
  const groups = describeGroups({ items, nodes, evidence, decisions }, grown);
  const kept = new Set(decisions.keep);
  const goes = (item: number, keeper: number): boolean => item !== keeper && !kept.has(item);
  const redundant = groups.reduce(
    (sum, group) => sum + group.items.filter((item) => goes(item, group.suggestedKeep)).length,
    0,
  );
  return { settings, groups, redundant };
}

function checkSettings({ perceptualDistance, embeddingDistance }: DuplicateSettings): void {
  if (!Number.isInteger(perceptualDistance) || perceptualDistance < -1 || perceptualDistance > 20) {
    throw new KindredError('invalid-argument', `The perceptual distance ${perceptualDistance} is not possible.`, {
      remedy: 'Give a whole number of bits from 0 to 20, or -1 to leave perceptual hashes out.',
    });
  }
  if (!(embeddingDistance >= 0 && embeddingDistance <= 1)) {
    throw new KindredError('invalid-argument', `The embedding distance ${embeddingDistance} is not possible.`, {
      remedy: 'Give a cosine distance from 0 (the same direction) to 1.',
    });
  }
}

/** Copies that are nodes of their own (see `buildNodes`) are next to each other. */
function linkCopies(nodes: Nodes, links: LinkList): void {
  for (let node = 1, first = 0; node < nodes.count; node++) {
    if (nodes.hashes[node] !== nodes.hashes[first]) first = node;
    for (let copy = first; copy < node; copy++) links.add(copy, node, 0);
  }
}

function perceptual(
  dataset: Dataset,
  { perceptualDistance }: DuplicateSettings,
  nodes: Nodes,
  links: LinkList,
  pace: Pace,
  context: CallContext<Progress>,
): Promise<Evidence> {
  const itemOf = (node: number): number => nodes.items[node][0];
  const hashes = BigUint64Array.from(nodes.items, ([item]) => dataset.items.perceptualHashes[item]);
  const confirmBy = (items: readonly number[]): Promise<Agreement> => contentsOf(dataset, items, pace, context);
  return perceptualEvidence({ hashes, itemOf, confirmBy }, perceptualDistance, links, pace);
}

/** Small pictures or sets of shingles, by the kind of the dataset. */
async function contentsOf(
  dataset: Dataset,
  items: readonly number[],
  pace: Pace,
  context: CallContext<Progress>,
): Promise<Agreement> {
  const { modality } = dataset.summary;
  if (items.length === 0) return new Signatures(0);
  if (modality === 'text') {
    const texts = await openTexts(dataset, context.signal);
    pace.begin('Comparing texts', items.length, 'texts');
    return TextSignatures.read(texts, items, pace);
  }
  const store = await ensurePixels(dataset, PIXELS, context);
  pace.begin('Comparing pixels', items.length, 'images');
  try {
    return await Signatures.read(store, items, pace);
  } finally {
    await store.close();
  }
}

async function embedded(
  dataset: Dataset,
  { embedding: id, embeddingDistance }: DuplicateSettings,
  nodes: Nodes,
  links: LinkList,
  pace: Pace,
  context: CallContext<Progress>,
): Promise<Evidence> {
  const embedding = await loadEmbedding(dataset, id ?? '');
  const { data, rows, dims } = embedding;
  if (rows !== dataset.items.count) {
    throw new KindredError(
      'not-found',
      `The embedding "${id ?? ''}" was made of ${rows} items; there are ${dataset.items.count} now.`,
      {
        remedy: 'Compute the embedding again.',
      },
    );
  }
  const search = {
    few: () => neighbourGraph(dataset, embedding, Math.min(FEW_NEIGHBOURS, rows - 1), context),
    many: (some: Int32Array, k: number, { signal, report }: CallContext<Progress>) =>
      topSimilar({ data: takeRows(data, dims, some), rows: some.length, dims }, { data, rows, dims }, k, {
        signal,
        report,
      }),
  };
  const rowOf = Int32Array.from(nodes.items, ([item]) => item);
  return embeddingEvidence({ data, dims, search, rowOf }, embeddingDistance, links, pace, context);
}

function takeRows(data: Float32Array, dims: number, rows: Int32Array): Float32Array {
  const taken = new Float32Array(rows.length * dims);
  rows.forEach((row, at) => taken.set(data.subarray(row * dims, (row + 1) * dims), at * dims));
  return taken;
}
