import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyDecisions, listBatches, planApply, restoreBatch } from '../../../src/trainer/curation/apply';
import { recordVerdicts } from '../../../src/trainer/curation/decisions';
import { openJournal } from '../../../src/trainer/curation/journal';
import { Random } from '../../../src/trainer/random';
import { replaceFiles } from '../../../src/trainer/store/files';
import type { ApplyReport, DecisionState, Verdict } from '../../../src/trainer/types/curation';
import { quietContext } from './support/context';
import { contentsOf, removing, writeDataset, type Subject } from './support/folder';

let root: string;
beforeEach(async () => {
  root = await fs.mkdtemp(join(tmpdir(), 'kindred-relabel-'));
});
afterEach(() => fs.rm(root, { recursive: true, force: true }));

/** A dataset whose labels and splits are given; in folders, or by a manifest whose label column is `label`. */
async function labelled(
  contents: Readonly<Record<string, string>>,
  labels: readonly string[],
  more: { manifest?: { name: string; text: string }; splits?: readonly string[] } = {},
): Promise<Subject> {
  const { manifest, splits = [] } = more;
  const dataset = await writeDataset(root, contents, manifest && { ...manifest, column: 'path' });
  const column = (values: readonly string[]) => {
    const categories = [...new Set(values)].filter((value) => value !== '').sort();
    const codes = Int32Array.from(dataset.items.paths, (_, item) => categories.indexOf(values[item] ?? ''));
    return { name: '', categories, codes };
  };
  const { source } = dataset.summary;
  const known = source.kind === 'manifest' ? { ...source, columns: { path: 'path', label: 'label' } } : source;
  return {
    ...dataset,
    summary: { ...dataset.summary, source: known },
    items: { ...dataset.items, label: column(labels), split: column(splits) },
  };
}

const relabelling = (relabel: Readonly<Record<number, string>>, remove: readonly number[] = []): DecisionState => ({
  ...removing(remove),
  relabel: Object.entries(relabel).map(([item, label]) => ({ item: Number(item), label })),
});
const apply = (dataset: Subject, state: DecisionState): Promise<ApplyReport> =>
  applyDecisions(dataset, state, quietContext());
const restore = (dataset: Subject, id: string): Promise<ApplyReport> => restoreBatch(dataset, id, quietContext());

describe('another label in folders', () => {
  const FILES = { 'cat/1.png': 'A', 'cat/2.png': 'B', 'dog/1.png': 'C', 'dog/1 (2).png': 'D' };
  const LABELS = ['cat', 'cat', 'dog', 'dog'];

  it('moves the file to the folder of its label, beside one of its name, and back', async () => {
    const dataset = await labelled(FILES, LABELS);
    const state = relabelling({ 0: 'dog' }, [1]);
    expect(planApply(dataset, state).relabel).toEqual([{ item: 0, label: 'dog', path: 'cat/1.png', before: 'cat' }]);
    const report = await apply(dataset, state);
    expect(report).toMatchObject({
      moved: 1,
      relabelled: 1,
      problems: [],
      batch: { files: 1, bytes: 1, relabelled: 1 },
    });
    const { 'dog/1 (3).png': moved, ...others } = await contentsOf(root);
    expect(moved).toBe('A');
    expect(others).toEqual({
      'dog/1.png': 'C',
      'dog/1 (2).png': 'D',
      [`kindred.quarantine/${report.batch.id}/files/cat/2.png`]: 'B',
    });
    expect(await listBatches(dataset.paths)).toEqual([report.batch]);
    expect(await restore(dataset, report.batch.id)).toMatchObject({
      moved: 1,
      relabelled: 1,
      batch: { state: 'restored' },
    });
    expect(await contentsOf(root)).toEqual(FILES);
  });

  it('stays in the split, and goes into nested folders', async () => {
    const files = { 'train/a/cat/1.png': 'A', 'test/dog/1.png': 'B', 'train/x.png': 'C' };
    const dataset = await labelled(files, ['a/cat', 'dog', ''], { splits: ['train', 'test', 'train'] });
    const { batch } = await apply(dataset, relabelling({ 0: 'dog', 1: 'a/cat', 2: 'dog' }));
    expect(await contentsOf(root)).toEqual({ 'train/dog/1.png': 'A', 'test/a/cat/1.png': 'B', 'train/dog/x.png': 'C' });
    await restore(dataset, batch.id);
    expect(await contentsOf(root)).toEqual(files);
  });

  it.each(['../dog', '', 'a//b', '.hidden', 'kindred\\x', 'nul\0'])(
    'refuses "%s", which is no folder',
    async (label) => {
      const dataset = await labelled(FILES, LABELS);
      const { problems, relabelled } = await apply(dataset, relabelling({ 0: label }));
      expect(problems).toMatchObject([{ path: 'cat/1.png', reason: expect.stringContaining('no name of a folder') }]);
      expect(relabelled).toBeUndefined();
      expect(await contentsOf(root)).toEqual(FILES);
      expect(await listBatches(dataset.paths)).toEqual([]);
    },
  );

  it('never takes a copy that the person made meanwhile for its own', async () => {
    const dataset = await labelled(FILES, LABELS);
    const { batch } = await apply(dataset, relabelling({ 0: 'dog' }));
    // The same content is in its old place again.
    await fs.writeFile(join(root, 'cat/1.png'), 'A');
    const first = await restore(dataset, batch.id);
    expect(first.problems).toMatchObject([{ path: 'cat/1.png' }]);
    expect(await contentsOf(root)).toEqual({ ...FILES, 'dog/1 (3).png': 'A' });
  });

  it('leaves every file in one place whenever it dies, and comes back', async () => {
    const random = new Random(4);
    for (let attempt = 0; attempt < 12; attempt++) {
      await fs.rm(root, { recursive: true, force: true });
      const dataset = await labelled(FILES, LABELS);
      const state = relabelling({ 0: 'dog', 2: 'cat', 3: 'bird' }, [1]);
      let left = random.integer(14);
      const dying =
        <A extends unknown[]>(work: (...args: A) => Promise<void>) =>
        async (...args: A): Promise<void> => {
          if (left-- <= 0) throw Object.assign(new Error('dead'), { code: 'EIO' });
          await work(...args);
        };
      const back = replaceFiles({ link: dying(fs.link), unlink: dying(fs.unlink), rename: dying(fs.rename) });
      await apply(dataset, state).catch(() => undefined);
      back();
      // What died could not even unlock.
      await fs.rm(join(dataset.paths.folder, 'apply.lock'), { force: true });
      const contents = Object.values(await contentsOf(root));
      // A link and no unlink yet: the same file under two names, never none.
      expect([...new Set(contents)].sort()).toEqual(['A', 'B', 'C', 'D']);
      for (const { id, state: phase } of await listBatches(dataset.paths)) {
        if (phase !== 'restored') await restore(dataset, id);
      }
      expect(await contentsOf(root)).toEqual(FILES);
    }
  });
});

describe('another label in a manifest', () => {
  const FILES = { 'a.png': 'A', 'b.png': 'B', 'ü.png': 'C' };
  const LABELS = ['cat', 'cat', 'dog'];
  const CASES: readonly (readonly [what: string, name: string, text: string, after: string])[] = [
    [
      'a plain cell',
      'l.csv',
      'path,label\na.png,cat\nb.png,cat\nü.png,dog\n',
      'path,label\na.png,dog\nb.png,cat\nü.png,dog\n',
    ],
    [
      'quotes, other columns, a mark and Windows line ends',
      'l.csv',
      '\ufeffn;label;path\r\n"1\r\n;""q""";"cat";"a.png"\r\n\r\n2;cat;b.png\r\n3;dog;ü.png',
      '\ufeffn;label;path\r\n"1\r\n;""q""";"dog";"a.png"\r\n\r\n2;cat;b.png\r\n3;dog;ü.png',
    ],
    [
      'tabs',
      'l.tsv',
      'path\tlabel\na.png\tcat \nb.png\tcat\nü.png\tdog\n',
      'path\tlabel\na.png\tdog\nb.png\tcat\nü.png\tdog\n',
    ],
    [
      'JSON',
      'l.jsonl',
      '{"path":"a.png", "box":{"label":"x,}"}, "label" : "c\\u0061t","z":[1,"]"]}\n{"label":"cat","path":"b.png"}\n',
      '{"path":"a.png", "box":{"label":"x,}"}, "label" : "dog","z":[1,"]"]}\n{"label":"cat","path":"b.png"}\n',
    ],
  ];

  it.each(CASES)('changes only the cell, and back to the byte: %s', async (_, name, text, after) => {
    const dataset = await labelled(FILES, LABELS, { manifest: { name, text } });
    const { batch, ...report } = await apply(dataset, relabelling({ 0: 'dog' }));
    expect(report).toEqual({ moved: 0, relabelled: 1, problems: [] });
    expect(await contentsOf(root)).toEqual({ ...FILES, [name]: after });
    const back = await restore(dataset, batch.id);
    expect(back).toMatchObject({ moved: 0, relabelled: 1, problems: [], batch: { state: 'restored', relabelled: 1 } });
    expect(await contentsOf(root)).toEqual({ ...FILES, [name]: text });
  });

  it('writes a label that needs quotes in quotes, and a number where numbers are', async () => {
    const csv = await labelled(FILES, LABELS, { manifest: { name: 'l.csv', text: 'path,label\na.png,cat\n' } });
    await apply(csv, relabelling({ 0: 'dog, "big"' }));
    expect((await contentsOf(root))['l.csv']).toBe('path,label\na.png,"dog, ""big"""\n');
    const json = { name: 'l.jsonl', text: '{"path":"a.png","label":3}\n{"path":"b.png","label":4}\n' };
    const numbers = await labelled(FILES, ['3', '4'], { manifest: json });
    await apply(numbers, relabelling({ 0: '4', 1: 'four' }));
    expect((await contentsOf(root))['l.jsonl']).toBe('{"path":"a.png","label":4}\n{"path":"b.png","label":"four"}\n');
  });

  it('goes together with removals, and comes back to the byte', async () => {
    const manifest = { name: 'l.csv', text: 'path,label\na.png,cat\nb.png,"cat"\nü.png,dog\n' };
    const dataset = await labelled(FILES, LABELS, { manifest });
    const { batch, moved, relabelled } = await apply(dataset, relabelling({ 0: 'dog', 1: 'dog', 2: 'cat' }, [2]));
    expect({ moved, relabelled }).toEqual({ moved: 1, relabelled: 2 });
    expect((await contentsOf(root))['l.csv']).toBe('path,label\na.png,dog\nb.png,"dog"\n');
    expect((await restore(dataset, batch.id)).problems).toEqual([]);
    expect(await contentsOf(root)).toEqual({ ...FILES, 'l.csv': manifest.text });
  });

  it('lists what was changed by hand since, and what is gone, and leaves it', async () => {
    const manifest = { name: 'l.csv', text: 'path,label\na.png,cat\nb.png,cat\n' };
    const dataset = await labelled(FILES, LABELS, { manifest });
    const { batch, problems } = await apply(dataset, relabelling({ 0: 'dog', 1: 'dog', 2: 'cat' }));
    expect(problems).toMatchObject([{ path: 'ü.png', reason: expect.stringContaining('no cell') }]);
    await fs.writeFile(join(root, 'l.csv'), 'path,label\na.png,bird\n');
    const first = await restore(dataset, batch.id);
    expect(first.problems.map(({ path }) => path)).toEqual(['a.png', 'b.png']);
    expect(first.batch.state).toBe('applied');
    await fs.writeFile(join(root, 'l.csv'), 'path,label\na.png,bird\nb.png,dog\n');
    expect(await restore(dataset, batch.id)).toMatchObject({ relabelled: 1, batch: { state: 'restored' } });
    expect((await contentsOf(root))['l.csv']).toBe('path,label\na.png,bird\nb.png,cat\n');
  });

  it('has nothing to write into without a column of labels', async () => {
    const dataset = await writeDataset(root, FILES, { name: 'l.csv', text: 'path\na.png\n', column: 'path' });
    const { problems } = await apply(dataset, relabelling({ 0: 'dog' }));
    expect(problems).toMatchObject([{ path: 'a.png', reason: 'has no label in the manifest' }]);
  });
});

describe('decisions about labels', () => {
  const verdict = (dataset: Subject, item: number, kind: 'label-right' | 'relabel', label: string): Verdict => ({
    kind,
    label,
    item: { hash: dataset.items.hashes[item], path: dataset.items.paths[item] },
  });

  it('are kept with their label, superseded by later ones, and undone', async () => {
    const dataset = await labelled({ 'cat/1.png': 'A', 'cat/2.png': 'B' }, ['cat', 'cat']);
    const journal = openJournal(dataset.paths);
    await recordVerdicts(dataset, journal, [verdict(dataset, 0, 'label-right', 'cat')]);
    const second = await recordVerdicts(dataset, journal, [
      verdict(dataset, 0, 'relabel', 'dog'),
      { kind: 'keep', item: { hash: dataset.items.hashes[1], path: 'cat/2.png' } },
    ]);
    expect(second).toMatchObject({ relabel: [{ item: 0, label: 'dog' }], labelRight: [], keep: [1] });
    const text = await fs.readFile(dataset.paths.journal, 'utf8');
    expect(text.split('\n')[1]).toMatch(
      /"kind":"relabel","item":\{"path":"cat\/1.png","hash":"\w+"\},"label":"dog","id"/,
    );
    await journal.undo();
    const undone = await recordVerdicts(dataset, journal, []);
    expect(undone).toMatchObject({ relabel: [], labelRight: [0], keep: [] });
  });

  it('are done when the item has the label, wherever its file is, and stand again when it comes back', async () => {
    const dataset = await labelled({ 'cat/1.png': 'A', 'cat/2.png': 'B' }, ['cat', 'cat']);
    const journal = openJournal(dataset.paths);
    const state = await recordVerdicts(dataset, journal, [
      verdict(dataset, 0, 'relabel', 'dog'),
      verdict(dataset, 1, 'label-right', 'cat'),
    ]);
    await apply(dataset, state);
    const after = await labelled({ 'dog/1.png': 'A', 'cat/2.png': 'B' }, ['dog', 'dog']);
    expect(await recordVerdicts(after, journal, [])).toMatchObject({ relabel: [], labelRight: [] });
    expect(await recordVerdicts(dataset, journal, [])).toMatchObject({ relabel: [{ item: 0 }], labelRight: [1] });
    expect(dirname(dataset.paths.journal)).toBe(root);
  });
});
