import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { datasetRef, descriptionFile, isDatasetRef, sameDataset } from '../../../src/extension/datasets/datasetRef';
import { columnNames, isManifest } from '../../../src/extension/datasets/manifestColumns';
import { copySample, packedSample } from '../../../src/extension/datasets/sample';

describe('datasetRef', () => {
  it('keeps the store in the dataset, or in a folder of its own elsewhere', () => {
    expect(datasetRef('/data/cats/')).toEqual({ root: '/data/cats' });
    expect(descriptionFile(datasetRef('/data/cats'))).toBe(path.join('/data/cats', '.kindred', 'dataset.json'));
    const a = datasetRef('/a/train', '/stores');
    const b = datasetRef('/b/train', '/stores');
    expect(a.store).toMatch(/^\/stores\/train-[0-9a-f]{8}$/);
    expect(a.store).not.toBe(b.store);
    expect(datasetRef('/a/train/', '/stores')).toEqual(a);
    expect(datasetRef('/')).toEqual({ root: '/' });
  });

  it('tells datasets apart by place and store', () => {
    expect(sameDataset({ root: '/a' }, { root: '/a' })).toBe(true);
    expect(sameDataset({ root: '/a' }, { root: '/a', store: '/s' })).toBe(false);
    expect([{ root: '/a' }, { root: '/a', store: '/s' }].every(isDatasetRef)).toBe(true);
    expect([{}, { root: 'a' }, { root: '/a', store: 3 }, null, '/a'].some(isDatasetRef)).toBe(false);
  });
});

describe('columnNames', () => {
  it.each([
    ['m.csv', '\uFEFFpath,label,split', ['path', 'label', 'split']],
    ['m.csv', '"my, path" , "say ""hi""",b', ['my, path', 'say hi', 'b']],
    ['m.csv', 'a;b;c', ['a', 'b', 'c']],
    ['m.tsv', 'a\tb,c', ['a', 'b,c']],
    ['m.jsonl', '{"file": "a.png", "class": 3}', ['file', 'class']],
    ['m.jsonl', 'not json', []],
    ['m.jsonl', '[1]', []],
    ['m.csv', '', []],
  ])('%s: %s', (file, line, names) => expect(columnNames(file, line)).toEqual(names));

  it('knows tables by their names', () => {
    expect(['a.csv', 'a.TSV', 'a.jsonl', 'a.ndjson'].every(isManifest)).toBe(true);
    expect(['a.json', 'csv', 'a.csv.gz', 'a.txt'].some(isManifest)).toBe(false);
  });
});

describe('the sample', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'kindred-sample-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('says what to do where the extension has none', async () => {
    await expect(packedSample(folder)).rejects.toMatchObject({
      code: 'not-found',
      remedy: expect.any(String) as string,
    });
  });

  it('is copied whole, without a store, and a copy is left as it is', async () => {
    const sample = path.join(folder, 'extension/media/sample');
    await mkdir(path.join(sample, 'cats'), { recursive: true });
    await mkdir(path.join(sample, '.kindred'), { recursive: true });
    await writeFile(path.join(sample, 'cats/a.png'), 'a');
    await writeFile(path.join(sample, '.kindred/dataset.json'), '{}');
    expect(await packedSample(path.join(folder, 'extension'))).toBe(sample);
    const target = path.join(folder, 'deep/copy');
    await copySample(sample, target);
    expect(await readFile(path.join(target, 'cats/a.png'), 'utf8')).toBe('a');
    await expect(readFile(path.join(target, '.kindred/dataset.json'))).rejects.toMatchObject({ code: 'ENOENT' });
    await writeFile(path.join(target, 'cats/a.png'), 'changed');
    await copySample(sample, target);
    expect(await readFile(path.join(target, 'cats/a.png'), 'utf8')).toBe('changed');
  });

  it('starts again after a copy that was cut short', async () => {
    const sample = path.join(folder, 'sample');
    await mkdir(sample);
    await writeFile(path.join(sample, 'a.png'), 'a');
    await mkdir(path.join(folder, 'copy.unfinished'));
    await writeFile(path.join(folder, 'copy.unfinished/stale.png'), 'x');
    await copySample(sample, path.join(folder, 'copy'));
    await expect(readFile(path.join(folder, 'copy/stale.png'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
