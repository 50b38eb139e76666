import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyDecisions, planApply } from '../../../src/trainer/curation/apply';
import { findDuplicates } from '../../../src/trainer/curation/duplicates';
import { type Dataset, loadDataset, openDataset } from '../../../src/trainer/dataset/dataset';
import { excerpt, excerpts } from '../../../src/trainer/dataset/excerpts';
import { openTexts } from '../../../src/trainer/dataset/texts';
import { computeEmbedding } from '../../../src/trainer/embedding/compute';
import { openEmbedder } from '../../../src/trainer/embedding/embedder';
import { Random } from '../../../src/trainer/random';
import type { DecisionState } from '../../../src/trainer/types/curation';
import { context, temporaryFolder, writeFiles, writePictures } from '../dataset/images';
import { sentence, textDataset } from './textFiles';

const NOTHING: DecisionState = { decisions: [], remove: [], keep: [], notDuplicates: [] } as unknown as DecisionState;
const open = (root: string, manifest?: string): Promise<Dataset> =>
  openDataset({ root }, manifest === undefined ? {} : { manifest: { path: manifest } }, context());

describe('a folder of texts', () => {
  it('is a dataset of texts with its folders as labels, in any encoding', async () => {
    const root = await temporaryFolder();
    await writeFiles(root, {
      'a/1.txt': 'Grüße aus Köln',
      'a/2.md': '\uFEFF# Title\nline',
      'b/3.txt': Buffer.from('caf\xe9 au lait', 'latin1'),
      'b/4.txt': Buffer.from('\uFEFFwide', 'utf16le'),
      'b/5.txt': ' \n',
      'b/6.txt': Buffer.from([1, 0, 2, 0, 0, 7]),
      'notes.pdf': '%PDF',
    });
    const dataset = await open(root);
    expect(dataset.summary).toMatchObject({ modality: 'text', items: 4, source: { kind: 'class-folders' } });
    expect(dataset.summary.problems.map(({ path, reason }) => [path, reason])).toEqual([
      ['b/5.txt', 'has no text'],
      ['b/6.txt', 'is no text although its name says so'],
    ]);
    const store = await openTexts(dataset);
    expect(await store.read([3, 0, 2, 1])).toEqual(['wide', 'Grüße aus Köln', 'café au lait', '# Title\nline']);
    expect(dataset.detail(1)).toMatchObject({ label: 'a', width: '# Title\nline'.length, height: 2 });
    expect((await loadDataset({ root })).summary.modality).toBe('text');
  });

  it('is one of images where there is an image', async () => {
    const root = await temporaryFolder();
    await writePictures(root, ['a/1.png']);
    await writeFiles(root, { 'a/readme.txt': 'text', 'b.txt': 'more' });
    expect((await open(root)).summary).toMatchObject({ modality: 'image', items: 1 });
  });

  it('reads again only what has changed, and says what changed since', async () => {
    const root = await temporaryFolder();
    const dataset = await textDataset(root, 2);
    const stages = new Set<string>();
    await openDataset({ root }, {}, { ...context(), report: ({ stage, total }) => total > 0 && stages.add(stage) });
    expect(stages).toEqual(new Set(['Looking at files']));
    await appendFile(join(root, 'bread/0.txt'), ' more');
    await rm(join(root, 'bread/1.txt'));
    const store = await openTexts(dataset);
    expect(await store.read([0, 1])).toEqual(['', '']);
    expect(store.problems.map(({ path, reason }) => `${path} ${reason}`).sort()).toEqual([
      'bread/0.txt has changed since the dataset was opened',
      'bread/1.txt does not exist',
    ]);
  });
});

describe('a table of texts', () => {
  const CSV = 'id,text,label\n1,"Hello, ""world""",greeting\n2,,none\n3,"two\nlines",other\n4,Good bye,greeting\n';

  it('has a row an item, with the line that it is on', async () => {
    const root = await temporaryFolder();
    await writeFile(join(root, 'texts.csv'), CSV);
    const dataset = await open(root, 'texts.csv');
    expect(dataset.summary).toMatchObject({ modality: 'text', items: 3, source: { columns: { text: 'text' } } });
    expect(dataset.items.paths).toEqual(['texts.csv:2', 'texts.csv:4', 'texts.csv:6']);
    expect(dataset.summary.problems).toMatchObject([{ path: 'texts.csv:3', reason: 'has no text' }]);
    expect(await excerpts(dataset, [1, 0], 128)).toEqual(['two\nlines', 'Hello, "world"']);
    expect(dataset.detail(2).metadata).toEqual({ id: '4' });
  });

  it('in JSON lines, and of text files by their paths', async () => {
    const root = await temporaryFolder();
    await writeFiles(root, {
      'rows.jsonl': '{"review": "good", "label": "yes"}\n{"review": "bad", "label": "no"}\n',
      'list.tsv': 'file\tclass\none.txt\tx\ntwo.txt\ty\n',
      'one.txt': 'first',
      'two.txt': 'second',
    });
    const rows = await open(root, 'rows.jsonl');
    expect(await (await openTexts(rows)).read([0, 1])).toEqual(['good', 'bad']);
    const files = await open(root, 'list.tsv');
    expect(files.summary).toMatchObject({ modality: 'text', items: 2 });
    expect(await (await openTexts(files)).read([1])).toEqual(['second']);
  });

  it('is never changed by an apply, which says so beforehand', async () => {
    const root = await temporaryFolder();
    await writeFile(join(root, 'texts.csv'), CSV);
    const dataset = await open(root, 'texts.csv');
    const remove = { ...NOTHING, remove: [0] };
    expect(planApply(dataset, NOTHING).blocked).toBeUndefined();
    expect(planApply(dataset, remove).blocked).toContain('rows of texts.csv');
    const relabel = { ...NOTHING, relabel: [{ item: 1, label: 'other' }] } as unknown as DecisionState;
    expect(planApply(dataset, relabel).blocked).toContain('nothing of this can be applied');
    await expect(applyDecisions(dataset, remove, context())).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});

describe('excerpts', () => {
  it('end at a blank, and say that there is more', () => {
    expect(excerpt('  short ', 20)).toBe('short');
    expect(excerpt('one two three four five six', 20)).toBe('one two three four…');
    expect(excerpt('x'.repeat(30), 20)).toBe(`${'x'.repeat(20)}…`);
  });
});

describe('duplicates among texts', () => {
  it('are the same bytes, and texts of which a few words differ', async () => {
    const root = await temporaryFolder();
    const random = new Random(8);
    const long = sentence('ships', random, 120).split(' ');
    const changed = long.map((word, i) => (i === 60 ? 'CHANGED' : word));
    const other = sentence('ships', random, 120);
    await writeFiles(root, {
      '1.txt': long.join(' '),
      '2.txt': long.join(' '),
      '3.txt': changed.join(' '),
      '4.txt': other,
      '5.txt': sentence('bread', random, 120),
    });
    const dataset = await open(root);
    const settings = { perceptualDistance: 12, embeddingDistance: 0 };
    const { groups } = await findDuplicates(dataset, settings, NOTHING, context());
    expect(groups.map(({ items }) => [...items].sort())).toEqual([[0, 1, 2]]);
  });
});

describe('descriptors of texts', () => {
  it('put texts of a subject together without training, the same every time', async () => {
    const root = await temporaryFolder();
    const dataset = await textDataset(root, 12);
    const embedding = await computeEmbedding(dataset, 'descriptor', context());
    const { data, dims, rows } = embedding;
    const dot = (a: number, b: number): number =>
      data.subarray(a * dims, (a + 1) * dims).reduce((sum, value, i) => sum + value * data[b * dims + i], 0);
    let right = 0;
    for (let a = 0; a < rows; a++) {
      const others = [...Array(rows).keys()].filter((b) => b !== a);
      const nearest = others.reduce((best, b) => (dot(a, b) > dot(a, best) ? b : best));
      if (dataset.items.label.codes[a] === dataset.items.label.codes[nearest]) right++;
      expect(dot(a, a)).toBeCloseTo(1, 5);
    }
    expect(right / rows).toBeGreaterThan(0.9);
    await rm(dataset.paths.embeddings, { recursive: true });
    expect((await computeEmbedding(dataset, 'descriptor', context())).data).toEqual(data);
    await expect(openEmbedder(dataset, 'pixels')).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  it('keep their rows when texts come', async () => {
    const root = await temporaryFolder();
    const before = await computeEmbedding(await textDataset(root, 3), 'descriptor', context());
    await writeFiles(root, { 'ships/new.txt': 'an anchor and a mast' });
    const after = await computeEmbedding(await open(root), 'descriptor', context());
    expect(after.rows).toBe(before.rows + 1);
    expect(after.row(0)).toEqual(before.row(0));
  });
});
