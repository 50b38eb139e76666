/**
 * A real dataset behind the panel: emoji pictures with copies of all kinds in a temporary folder, opened, compared and judged by the
 * trainer's own functions. Everything of the panel's calls arrives here by HTTP.
 */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { toErrorData } from '../../../src/rpc/errors';
import { planApply } from '../../../src/trainer/curation/apply';
import { decisionState, recordVerdicts } from '../../../src/trainer/curation/decisions';
import { findDuplicates } from '../../../src/trainer/curation/duplicates';
import { openJournal } from '../../../src/trainer/curation/journal';
import { openDataset, type Dataset } from '../../../src/trainer/dataset/dataset';
import { thumbnails } from '../../../src/trainer/dataset/thumbnails';
import { computeEmbedding } from '../../../src/trainer/embedding/compute';
import { listEmbeddings } from '../../../src/trainer/embedding/embedding';
import type { DecisionState, DuplicateSettings, ModelId, Verdict } from '../../../src/trainer/protocol';
import { REPOSITORY, type Answer } from '../harness/server';

const CONTEXT = { signal: new AbortController().signal, report: (): void => undefined };

type Answers = Record<string, (params: never) => unknown>;

export interface Backend {
  readonly dataset: Dataset;
  readonly data: (url: URL) => Promise<Answer | undefined>;
  state(): Promise<DecisionState>;
  close(): Promise<void>;
}

function emoji(vendor: 'google' | 'twitter', code: string): string {
  return path.join(REPOSITORY, `node_modules/emoji-datasource-${vendor}/img/${vendor}/64/${code}.png`);
}

/** The kinds of groups that a person meets; the comment says which. */
async function makeFiles(root: string): Promise<void> {
  const put = async (from: string, to: string): Promise<void> => {
    await mkdir(path.dirname(path.join(root, to)), { recursive: true });
    await cp(from, path.join(root, to));
  };
  const draw = async (to: string, make: (image: typeof sharp) => Sharp): Promise<void> => {
    await mkdir(path.dirname(path.join(root, to)), { recursive: true });
    await writeFile(path.join(root, to), await make(sharp).toBuffer());
  };
  const plain = ['1f600', '1f34e', '1f697', '1f3e0', '2600-fe0f', '1f436', '1f339', '26bd', '1f682', '1f41f'];
  for (const code of plain) {
    await put(emoji('google', code), `train/${code}/google.png`);
    await put(emoji('twitter', code), `test/${code}/twitter.png`);
  }
  // Same bytes, same class, same split.
  await put(emoji('google', '1f600'), 'train/1f600/copy of google.png');
  // Same bytes, different labels.
  await put(emoji('google', '1f34e'), 'train/1f697/apple by mistake.png');
  // Same bytes, across splits.
  await put(emoji('google', '1f3e0'), 'test/1f3e0/leaked.png');
  // The same picture, larger and as a JPEG on white.
  await draw('train/1f436/large.png', (image) => image(emoji('google', '1f436')).resize(256));
  await draw('train/1f339/flat.jpg', (image) =>
    image(emoji('google', '1f339')).flatten({ background: '#fff' }).jpeg({ quality: 60 }),
  );
  // Many copies.
  for (let i = 0; i < 40; i++) await put(emoji('google', '26bd'), `train/26bd/ball ${i}.png`);
  // Very wide, very tall.
  const stripes = (width: number, height: number, shade: number) => (image: typeof sharp) =>
    image({ create: { width, height, channels: 3, background: { r: shade, g: 90, b: 160 } } }).png();
  await draw('train/wide/one.png', stripes(2400, 60, 200));
  await put(path.join(root, 'train/wide/one.png'), 'train/wide/two.png');
  await draw('train/tall/one.png', stripes(50, 1900, 40));
  await put(path.join(root, 'train/tall/one.png'), 'train/tall/two.png');
}

/** @param more answers to what the panel under test asks beside */
export async function startBackend(more: (dataset: Dataset) => Answers = () => ({})): Promise<Backend> {
  const root = await mkdtemp(path.join(tmpdir(), 'kindred-review-'));
  await makeFiles(root);
  const dataset = await openDataset({ root }, {}, CONTEXT);
  const journal = openJournal(dataset.paths);
  const state = (): Promise<DecisionState> => decisionState(dataset, journal);
  const answers: Answers = {
    'dataset.overview': async () => ({
      summary: dataset.summary,
      runs: [],
      embeddings: await listEmbeddings(dataset),
      batches: [],
    }),
    'dataset.items': ({ items }: { items: number[] }) => items.map((item) => dataset.detail(item)),
    'dataset.thumbnails': async ({ items, size }: { items: number[]; size: number }) =>
      (await thumbnails(dataset, items, size)).map((bytes) => bytes && Buffer.from(bytes).toString('base64')),
    'embedding.compute': async ({ model }: { model: ModelId }) =>
      (await computeEmbedding(dataset, model, CONTEXT)).summary,
    'duplicates.find': async ({ settings }: { settings: DuplicateSettings }) =>
      findDuplicates(dataset, settings, await state(), CONTEXT),
    'decisions.state': state,
    'decisions.record': ({ verdicts }: { verdicts: Verdict[] }) => recordVerdicts(dataset, journal, verdicts),
    'decisions.undo': async () => {
      await journal.undo();
      return state();
    },
    'apply.plan': async () => planApply(dataset, await state()),
    ...more(dataset),
  };
  const data = async (url: URL): Promise<Answer | undefined> => {
    if (url.pathname !== '/call') return undefined;
    const params = JSON.parse(url.searchParams.get('params') ?? 'null') as never;
    try {
      const result: unknown = await answers[url.searchParams.get('method') ?? ''](params);
      return { type: 'application/json', body: JSON.stringify({ result }) };
    } catch (error) {
      return { type: 'application/json', body: JSON.stringify({ error: toErrorData(error) }) };
    }
  };
  return { dataset, data, state, close: () => rm(root, { recursive: true, force: true }) };
}
