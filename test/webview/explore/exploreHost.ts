/**
 * A host for the Explore panel over real emoji pictures. Positions are made by a seeded generator: an island a group, each emoji
 * near its other style; neighbours are measured in a space of 16 dimensions, of which the map shows a distortion.
 * The address says how large it is: `perGroup` emoji of 14 groups in two styles; `count` repeats them up to that number.
 */
import { KindredError, throwIfCancelled } from '../../../src/rpc/errors';
import type { Handlers } from '../../../src/rpc/rpc';
import type {
  CategoryColumn,
  Cluster,
  Clusters,
  DatasetOverview,
  ItemDetail,
  ModelId,
  NeighbourList,
  ProjectionQuality,
} from '../../../src/trainer/protocol';
import type { HostProtocol } from '../../../src/webview/protocol';
import { startHost } from '../harness/hostPage';
import { plainSummary, standIns } from '../harness/standIns';
import { run } from '../training/runs';

interface Emoji {
  readonly path: string;
  readonly name: string;
  readonly group: string;
  readonly vendor: string;
}

const query = new URLSearchParams(window.location.search);
const perGroup = Number(query.get('perGroup') ?? 12);
const steps = Number(query.get('steps') ?? 6);
const pause = Number(query.get('pause') ?? 20);
const labelBy = query.get('label') ?? 'group';
/** Columns of numbers of the dataset's table. */
const numeric = query.get('numeric')?.split(',') ?? [];
/** Share of the neighbours that the search has found. */
const recall = Number(query.get('recall') ?? 1);
const modality = query.get('modality') === 'text' ? 'text' : 'image';
const DIMS = 16;

const emoji = (await (await fetch(`/emoji.json?perGroup=${perGroup}`)).json()) as Emoji[];
const count = Number(query.get('count') ?? emoji.length);
const items = Array.from({ length: count }, (_, i) => emoji[i % emoji.length]);
const dataset = { root: '/data/emoji' };

/** Uniform in [0, 1), always the same (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function column(name: string, values: readonly (string | undefined)[]): CategoryColumn {
  const categories = [...new Set(values.filter((value) => value !== undefined))].sort();
  const codes = new Map(categories.map((category, code) => [category, code]));
  return { name, categories, codes: Int32Array.from(values, (value) => codes.get(value ?? '') ?? -1) };
}

/** Group centre + emoji offset + noise, in `DIMS` dimensions. */
function makeVectors(): Float32Array {
  const random = generator(7);
  const bell = (): number => random() + random() + random() - 1.5;
  const centres = new Map<string, number[]>();
  const place = (key: string, spread: number): number[] => {
    let centre = centres.get(key);
    if (!centre) centres.set(key, (centre = Array.from({ length: DIMS }, () => bell() * spread)));
    return centre;
  };
  const vectors = new Float32Array(count * DIMS);
  items.forEach(({ group, name }, i) => {
    const [a, b] = [place(group, 4), place(name, 1)];
    for (let d = 0; d < DIMS; d++) vectors[i * DIMS + d] = a[d] + b[d] + bell() * (count > emoji.length ? 1.2 : 0.35);
  });
  return vectors;
}

const vectors = makeVectors();

/** The map at `share` of its way from noise to the islands. */
function positionsAt(share: number, seed: number, dims = 2): Float32Array {
  const random = generator(seed);
  const positions = new Float32Array(dims * count);
  for (let i = 0; i < count; i++) {
    const v = vectors.subarray(i * DIMS, (i + 1) * DIMS);
    const x = v[0] + 0.6 * v[2] - 0.5 * v[4] + 0.4 * v[6];
    const y = v[1] - 0.6 * v[3] + 0.5 * v[5] + 0.4 * v[7];
    const z = v[8] + 0.6 * v[9] - 0.5 * v[10] + 0.4 * v[11];
    for (const [axis, value] of [x, y, z].slice(0, dims).entries())
      positions[dims * i + axis] = share * value + (1 - share) * 12 * (random() - 0.5);
  }
  return positions;
}

function cosineDistance(a: number, b: number): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let d = 0; d < DIMS; d++) {
    const [x, y] = [vectors[a * DIMS + d], vectors[b * DIMS + d]];
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return 1 - dot / Math.sqrt(aa * bb);
}

function neighboursOf(item: number, k: number): NeighbourList {
  const all = items
    .map((_, other) => ({ other, distance: cosineDistance(item, other) }))
    .filter(({ other }) => other !== item)
    .sort((a, b) => a.distance - b.distance || a.other - b.other)
    .slice(0, k);
  return {
    items: Int32Array.from(all, ({ other }) => other),
    distances: Float32Array.from(all, ({ distance }) => distance),
  };
}

const labelColumn = column(
  'label',
  items.map(({ group, name }, i) =>
    labelBy === 'name' ? (count > emoji.length ? `${name}-${i % 1000}` : name) : group,
  ),
);
const random = generator(3);
const splitColumn = column(
  'split',
  items.map(() => (random() < 0.8 ? 'train' : 'test')),
);
const vendorColumn = column(
  'vendor',
  items.map(({ vendor }) => vendor),
);

function detailOf(item: number): ItemDetail {
  const { path, vendor } = items[item];
  return {
    item,
    hash: item.toString(16).padStart(32, '0'),
    path: item < emoji.length ? path : path.replace('.png', `-${Math.floor(item / emoji.length)}.png`),
    label: labelColumn.categories[labelColumn.codes[item]],
    split: splitColumn.categories[splitColumn.codes[item]],
    bytes: 2400 + (item % 977),
    width: 64,
    height: 64,
    metadata: { vendor },
  };
}

const trained = run({
  state: 'finished',
  step: 500,
  steps: 500,
  best: { step: 480, recallAt1: 0.532 },
  heldOut: { by: 'class', classes: 40, items: 80 },
});

function overview(): DatasetOverview {
  const empty = query.get('empty') !== null;
  return {
    summary: {
      ...plainSummary(dataset.root, 'emoji', empty ? 0 : count),
      modality,
      labels: labelColumn.categories.map((name) => ({ name, count: 2 })),
      problems: empty
        ? [{ path: 'notes.txt', reason: 'is not an image.', remedy: 'Put JPEG, PNG or WebP files into the folder.' }]
        : [],
      fingerprint: query.get('fingerprint') ?? 'f1',
    },
    runs: query.get('runs') === null ? [] : [trained],
    embeddings: [],
    batches: [],
  };
}

/** The first half of the items have neighbourhoods that are kept, the rest hardly. */
function quality(): ProjectionQuality {
  const column = (): Float32Array => Float32Array.from({ length: count }, (_, i) => (i < count / 2 ? 1 : 0.1));
  return {
    k: 15,
    items: count,
    anchors: count / 2,
    trustworthiness: { value: 0.953, low: 0.941, high: 0.965 },
    continuity: { value: 0.962, low: 0.962, high: 0.962 },
    preservation: { value: 0.41, low: 0.41, high: 0.41 },
    rnxAuc: 0.38,
    spearman: 0.52,
    perItem: {
      references: 128,
      trustworthiness: column(),
      continuity: column(),
      preservation: column(),
      spearman: column(),
    },
  };
}

/** A cluster for each label, with a part for each vendor; the last three items are in none. */
function clusters(settings: Clusters['settings']): Clusters {
  const found: Cluster[] = labelColumn.categories.map((name, id) => {
    const items = [...labelColumn.codes.keys()].filter((item) => labelColumn.codes[item] === id && item < count - 3);
    const label = { name, purity: 0.9 };
    return {
      id,
      parent: -1,
      depth: 0,
      size: items.length,
      name,
      label,
      words: ['word'],
      medoid: items[0],
      exemplars: items.slice(0, 6),
    };
  });
  const wholes = found.length;
  const clusterOf = labelColumn.codes.map((code, item) =>
    item < count - 3 ? wholes + code * vendorColumn.categories.length + vendorColumn.codes[item] : -1,
  );
  for (let parent = 0; parent < wholes; parent++)
    for (const vendor of vendorColumn.categories) {
      const id = found.length;
      const items = [...clusterOf.keys()].filter((item) => clusterOf[item] === id);
      found.push({
        id,
        parent,
        depth: 1,
        size: items.length,
        name: `${found[parent].name}: ${vendor}`,
        words: [vendor],
        medoid: items[0],
        exemplars: items.slice(0, 6),
      });
    }
  const probabilities = new Float32Array(count).fill(1);
  return { settings, clusters: found, clusterOf, probabilities, noise: 3, modularity: 0.8 };
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const handlers: Handlers<HostProtocol> = {
  ...standIns,
  'panel.subject': () => ({ view: 'explore', dataset, model: (query.get('model') ?? 'descriptor') as ModelId }),
  'dataset.overview': overview,
  'dataset.columns': () =>
    query.get('empty') === null
      ? { count, label: labelColumn, split: splitColumn, metadata: [vendorColumn], numeric }
      : { count: 0, label: column('label', []), split: column('split', []), metadata: [], numeric: [] },
  'dataset.items': ({ items: wanted }) => wanted.map(detailOf),
  'dataset.search': ({ text }) => {
    const words = text.toLowerCase().split(/\s+/);
    const found = items
      .map((_, item) => item)
      .filter((item) => words.every((word) => detailOf(item).path.includes(word)));
    return Int32Array.from(found);
  },
  'dataset.thumbnails': ({ items: wanted, size }) =>
    Promise.all(
      wanted.map(async (item) => {
        if (modality === 'text') return `${items[item].name}, told in some words. `.repeat(3);
        const response = await fetch(`/emoji/${item % emoji.length}.webp?perGroup=${perGroup}&size=${size}`);
        return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
      }),
    ),
  'embedding.compute': async ({ model }, { signal, report }) => {
    for (let step = 1; step <= 3; step++) {
      await sleep(pause);
      throwIfCancelled(signal);
      report({
        stage: 'Reading images',
        done: Math.round((count * step) / 3),
        total: count,
        unit: 'images',
        secondsLeft: 3 - step,
      });
    }
    const id = model.replace(':', '-');
    return { id, model, count, dims: DIMS, created: '', file: `/data/emoji/.kindred/embeddings/${id}.npy` };
  },
  'projection.run': async ({ embedding, settings, anew }, { signal, report }) => {
    if (settings.like === 'gone')
      throw new KindredError('not-found', 'There is no map "gone".', { remedy: 'Make it first.' });
    const seed = settings.seed + (embedding.startsWith('run') ? 1000 : 0);
    for (let step = 1; step <= steps && (settings.kind === 'umap' || settings.kind === 'tsne'); step++) {
      await sleep(pause);
      throwIfCancelled(signal);
      report({
        stage: 'Arranging the map',
        done: step * 50,
        total: steps * 50,
        unit: 'epochs',
        secondsLeft: steps - step,
        positions: positionsAt(step / steps, seed, settings.dims),
      });
    }
    const positions = positionsAt(1, settings.kind === 'tsne' ? seed + 1 : seed, settings.dims);
    // The map of a run is the other one upside down, and each has an id of its own.
    if (embedding.startsWith('run')) for (let i = 1; i < positions.length; i += settings.dims ?? 2) positions[i] *= -1;
    const id = embedding.startsWith('run') ? 'of-run' : 'p';
    if (settings.kind === 'columns') return { id, embedding, settings, positions, unplaced: 3 };
    const placed = anew === true ? 0 : Number(query.get('placed') ?? 0);
    return { id, embedding, settings, positions, recall, ...(placed > 0 ? { placed } : {}) };
  },
  'projection.quality': async (_, { signal, report }) => {
    for (let step = 1; step <= 3; step++) {
      await sleep(pause);
      throwIfCancelled(signal);
      report({ stage: 'Comparing neighbourhoods', done: step, total: 3, unit: 'images' });
    }
    return quality();
  },
  'clusters.find': async ({ settings }, { signal, report }) => {
    report({ stage: 'Finding clusters', done: 0, total: 0, unit: '' });
    await sleep(3 * pause);
    throwIfCancelled(signal);
    const found = clusters(settings.kind === 'kmeans' ? { count: 12, ...settings } : settings);
    if (query.get('noClusters') === null) return found;
    return { ...found, clusters: [], clusterOf: new Int32Array(count).fill(-1), noise: count };
  },
  'neighbours.of': ({ embedding, item, k }) => {
    const list = neighboursOf(item, embedding.startsWith('run') ? 2 * k : k);
    if (!embedding.startsWith('run')) return list;
    // A run takes every second one for near.
    const every = (_: number, i: number): boolean => i % 2 === 0;
    return { items: list.items.filter(every), distances: list.distances.filter(every) };
  },
};

// For tests that compute where items must be seen.
Object.assign(window, { positionsAt });

startHost(handlers);
