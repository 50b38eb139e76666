/**
 * A host for the review with made-up groups, as many as the address says (`groups`), and drawn pictures. Decisions are kept in
 * memory. Every third group is near, every 50th has different labels; every 97th item has no picture. With `modality=text` they are rows of
 * a table, which an apply does not change.
 */
import { throwIfCancelled } from '../../../src/rpc/errors';
import type { Handlers } from '../../../src/rpc/rpc';
import type { Decision, DecisionState, DuplicateGroup, ItemDetail, Verdict } from '../../../src/trainer/protocol';
import type { HostProtocol } from '../../../src/webview/protocol';
import { startHost } from '../harness/hostPage';
import { plainSummary, standIns } from '../harness/standIns';

const query = new URLSearchParams(window.location.search);
const count = Number(query.get('groups') ?? 6);
const modality = query.get('modality') === 'text' ? 'text' : 'image';
const dataset = { root: '/data/synthetic' };

const groups: DuplicateGroup[] = Array.from({ length: count }, (_, g) => {
  const exact = g % 3 !== 2;
  const items = Array.from({ length: 2 + (g % 4) }, (_, i) => g * 5 + i);
  const evidence = exact ? 'content' : 'perceptual';
  return {
    id: `group-${g}`,
    items,
    links: items.slice(1).map((b) => ({ a: items[0], b, evidence, distance: exact ? 0 : 1 + (g % 6) })),
    exact,
    labelConflict: g % 50 === 1,
    crossesSplits: g % 70 === 3,
    suggestedKeep: items[0],
  };
});

function detailOf(item: number): ItemDetail {
  return {
    item,
    hash: item.toString(16).padStart(32, '0'),
    path: `class-${item % 7}/picture-${item}.png`,
    label: `class-${item % 7}`,
    split: 'train',
    bytes: 1000,
    width: 96,
    height: 64,
    metadata: {},
  };
}

async function picture(item: number): Promise<Uint8Array | undefined> {
  if (item % 97 === 96) return undefined;
  const canvas = new OffscreenCanvas(96, 64);
  const context = canvas.getContext('2d');
  if (!context) return undefined;
  context.fillStyle = `hsl(${(item * 37) % 360} 60% 50%)`;
  context.fillRect(0, 0, 96, 64);
  context.fillStyle = 'white';
  context.font = '24px sans-serif';
  context.fillText(String(item), 10, 40);
  const blob = await canvas.convertToBlob({ type: 'image/webp' });
  return new Uint8Array(await blob.arrayBuffer());
}

/** Of two texts side by side one word is another. */
function excerpt(item: number): string {
  return `The parcel of order ${Math.floor(item / 5)} came ${item % 2 === 0 ? 'late' : 'yesterday'}, and its lid was broken.`;
}

const batches: Verdict[][] = [];

function stateNow(): DecisionState {
  const marks = new Map<number, string>();
  const decisions: Decision[] = batches.flat().map((verdict, i) => ({ ...verdict, id: String(i), at: '' }));
  for (const decision of decisions) {
    if (decision.kind === 'keep' || decision.kind === 'remove')
      marks.set(parseInt(decision.item.hash, 16), decision.kind);
  }
  const of = (kind: string): number[] => [...marks].filter(([, mark]) => mark === kind).map(([item]) => item);
  return { decisions, keep: of('keep'), remove: of('remove'), canUndo: batches.length > 0 };
}

const handlers: Handlers<HostProtocol> = {
  ...standIns,
  'panel.subject': () => ({ view: 'review', dataset, model: 'descriptor' }),
  'dataset.overview': () => ({
    summary: { ...plainSummary(dataset.root, 'synthetic', count * 5), modality },
    runs: [],
    embeddings: [],
    batches: [],
  }),
  'dataset.items': ({ items }) => items.map(detailOf),
  'dataset.thumbnails': ({ items }) => (modality === 'text' ? items.map(excerpt) : Promise.all(items.map(picture))),
  'embedding.compute': ({ model }) => ({ id: 'descriptor', model, count: count * 5, dims: 3, created: '', file: '' }),
  'duplicates.find': async ({ settings }, { report, signal }) => {
    const pause = Number(query.get('pause') ?? 0);
    for (let done = 0; done < 10 && pause > 0; done++) {
      throwIfCancelled(signal);
      report({ stage: 'Comparing', done: done * 100, total: 1000, unit: 'images', secondsLeft: 10 - done });
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    const found = groups.filter(({ links }) => links[0].distance <= Math.max(0, settings.perceptualDistance));
    return { settings, groups: found, redundant: found.reduce((sum, { items }) => sum + items.length - 1, 0) };
  },
  'decisions.state': stateNow,
  'decisions.record': ({ verdicts }) => {
    batches.push([...verdicts]);
    return stateNow();
  },
  'decisions.undo': () => {
    batches.pop();
    return stateNow();
  },
  'apply.plan': () => {
    const { remove } = stateNow();
    return {
      items: remove,
      paths: remove.map((item) => detailOf(item).path),
      bytes: remove.length * 1000,
      quarantine: 'kindred.quarantine',
      manifest: undefined,
      ...(modality === 'text' && remove.length > 0
        ? { blocked: 'The texts are rows of a.csv: change it yourself.' }
        : {}),
    };
  },
};

startHost(handlers);
