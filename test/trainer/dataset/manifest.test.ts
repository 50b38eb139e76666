import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type KindredError } from '../../../src/rpc/errors';
import { type Listing } from '../../../src/trainer/dataset/listing';
import { listManifest } from '../../../src/trainer/dataset/manifest';
import type { ManifestColumns } from '../../../src/trainer/types/dataset';
import { temporaryFolder } from './images';

async function list(content: string | Uint8Array, name = 'list.csv', columns?: ManifestColumns): Promise<Listing> {
  const root = await temporaryFolder();
  await writeFile(join(root, name), content);
  return listManifest(root, name, columns);
}

async function failure(content: string | Uint8Array, name?: string, columns?: ManifestColumns): Promise<KindredError> {
  const error: unknown = await list(content, name, columns).catch((e: unknown) => e);
  expect(error).toMatchObject({ name: 'KindredError', remedy: expect.stringMatching(/\.$/) as string });
  return error as KindredError;
}

describe('CSV', () => {
  it('finds columns by their names and keeps the others as metadata', async () => {
    const listing = await list('File Name,Class,weight,SPLIT\na.png,cat,1.5,Validation\nb/c.png,,2,fold3\n');
    const columns = { path: 'File Name', label: 'Class', split: 'SPLIT' };
    expect(listing.source).toEqual({ kind: 'manifest', path: 'list.csv', columns });
    expect(listing.files).toEqual([
      { path: 'a.png', label: 'cat', split: 'val', line: 2 },
      { path: 'b/c.png', label: undefined, split: 'fold3', line: 3 },
    ]);
    expect(listing.metadata).toEqual([{ name: 'weight', values: ['1.5', '2'] }]);
  });

  it('takes given columns, whatever they are called', async () => {
    const listing = await list('label,path,x\na.png,old,cat\n', 'list.csv', { path: 'label', label: 'x' });
    expect(listing.files).toEqual([{ path: 'a.png', label: 'cat', split: undefined, line: 2 }]);
    expect(listing.metadata).toEqual([{ name: 'path', values: ['old'] }]);
  });

  it.each([
    [{ label: 'kind' }, { path: 'path', label: 'kind', split: 'split' }],
    [{ split: 'label' }, { path: 'path', split: 'label' }],
    // Whoever names the paths says all there is: a table may have no labels.
    [{ path: 'path' }, { path: 'path' }],
    [{}, { path: 'path', label: 'label', split: 'split' }],
  ])('finds by their names what %o leaves open', async (given, columns) => {
    const { source } = await list('path,label,kind,split\na.png,cat,pet,test\n', 'list.csv', given);
    expect(source).toMatchObject({ columns });
    expect(Object.keys((source as { columns: object }).columns).sort()).toEqual(Object.keys(columns).sort());
  });

  it('reads a byte order mark, CRLF, quotes with commas, quotes and line breaks, empty lines', async () => {
    const listing = await list('\ufeffpath,label,note\r\n"a,b.png","the ""cat""","two\r\nlines"\r\n\r\nc.png,dog,\r\n');
    expect(listing.files).toEqual([
      { path: 'a,b.png', label: 'the "cat"', split: undefined, line: 2 },
      expect.objectContaining({ path: 'c.png', label: 'dog' }),
    ]);
    expect(listing.metadata[0].values).toEqual(['two\r\nlines', '']);
    expect(listing.problems).toEqual([]);
  });

  it.each([
    ['list.tsv', 'path\tlabel\na.png\tx,y\n'],
    ['list.csv', 'path;label\na.png;x,y\n'],
    ['list.txt', 'path\tlabel\na.png\tx,y\n'],
  ])('reads other separators: %s', async (name, content) => {
    expect((await list(content, name)).files).toMatchObject([{ path: 'a.png', label: 'x,y' }]);
  });

  it('lists rows that cannot be used, by line', async () => {
    const { files, problems } = await list(
      [
        'path,label',
        'a.png,x',
        'b.png',
        './a.png,y',
        '../out.png,x',
        ',x',
        'https://example.org/x.png,x',
        '/etc/x.png,x',
        'c.png,"x,y"',
        'd.png,x,y',
      ].join('\n'),
    );
    expect(files.map((file) => file.path)).toEqual(['a.png', 'c.png']);
    expect(problems.map((problem) => `${problem.path} ${problem.reason}`)).toEqual([
      'list.csv:3 has 1 fields, but the first line names 2 columns',
      'list.csv:4 names "a.png" again, after line 2',
      'list.csv:5 names "../out.png", which is outside of the dataset',
      'list.csv:6 has nothing in the column "path"',
      'list.csv:7 names "https://example.org/x.png", which is not a file on this machine',
      'list.csv:8 names "/etc/x.png", which is outside of the dataset',
      'list.csv:10 has 3 fields, but the first line names 2 columns',
    ]);
    for (const problem of problems) expect(problem.remedy).toMatch(/\.$/);
  });

  it('takes absolute paths and file addresses that are inside', async () => {
    const root = await temporaryFolder();
    await writeFile(join(root, 'm.csv'), `path\n${join(root, 'a b.png')}\nfile://${root}/c%20d.png\n`);
    const { files } = await listManifest(root, join(root, 'm.csv'), undefined);
    expect(files.map((file) => file.path)).toEqual(['a b.png', 'c d.png']);
  });

  it('names the columns that there are when the path is missing', async () => {
    const error = await failure('id,label\n1,cat\n');
    expect(error).toMatchObject({ code: 'bad-input' });
    expect(error.message).toMatch(
      /list\.csv has no column for the path of the image, nor for the text; it has "id", "label"/,
    );
    const given = await failure('path,label\na,b\n', 'list.csv', { path: 'path', label: 'kind' });
    expect(given.message).toMatch(/no column "kind"; it has "path", "label"/);
  });

  it.each([
    ['empty', '', /is empty/],
    ['only a header', 'path,label\n', /has no rows/],
    ['Latin-1', Buffer.from('path,label\nbär.png,x\n', 'latin1'), /not encoded as UTF-8/],
    ['UTF-16', Buffer.from('path,label\na.png,x\n', 'utf16le'), /NUL bytes/],
    ['an open quote', 'path,label\n"a.png,x\nb.png,y\n', /not a proper CSV file.*quote/i],
  ])('refuses a manifest that is %s', async (_, content, message) => {
    const error = await failure(content);
    expect(error.code).toBe('bad-input');
    expect(error.message).toMatch(message);
    expect(error.message).toContain('list.csv');
  });

  it('says not-found for a manifest that is not there, and refuses one outside', async () => {
    const root = await temporaryFolder();
    await expect(listManifest(root, 'no.csv', undefined)).rejects.toMatchObject({ code: 'not-found' });
    await expect(listManifest(root, '../x.csv', undefined)).rejects.toMatchObject({ code: 'bad-input' });
    await expect(listManifest(root, '.', undefined)).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('JSONL', () => {
  it('makes text of values of every type; columns may come and go', async () => {
    const listing = await list(
      '{"image":"a.png","label":3,"w":1.5}\n\n{"image":"b.png","ok":true,"box":[1,2],"w":null}\n{"w":2,"image":"c.png"}',
      'list.jsonl',
    );
    expect(listing.files).toEqual([
      { path: 'a.png', label: '3', split: undefined, line: 1 },
      { path: 'b.png', label: undefined, split: undefined, line: 3 },
      { path: 'c.png', label: undefined, split: undefined, line: 4 },
    ]);
  });

  it('finds a label column that the first row lacks only when it is given', async () => {
    const listing = await list('{"path":"a.png"}\n{"path":"b.png","extra":"x"}\n{"path":"c.png"}\n', 'list.jsonl');
    expect(listing.metadata).toEqual([{ name: 'extra', values: ['', 'x', ''] }]);
  });

  it('lists broken lines and goes on', async () => {
    const { files, problems } = await list(
      '{"path":"a.png"}\n{oops}\n[1]\n{"file":"x"}\n{"path":"b.png"}\n',
      'list.jsonl',
    );
    expect(files.map((file) => file.path)).toEqual(['a.png', 'b.png']);
    expect(problems.map((problem) => `${problem.path} ${problem.reason}`)).toEqual([
      'list.jsonl:2 is not valid JSON',
      'list.jsonl:3 is not a JSON object',
      'list.jsonl:4 has nothing in the column "path"',
    ]);
  });

  it('refuses a JSON array with the right way to write it', async () => {
    const error = await failure('[{"path": "a.png"}]', 'list.json');
    expect(error.message).toMatch(/JSON array/);
    expect(error.remedy).toMatch(/one JSON object a line/);
  });

  it('does not trip over names of the language', async () => {
    const listing = await list('{"path":"a.png","__proto__":"x","constructor":"y"}\n', 'list.jsonl');
    expect(listing.metadata).toEqual([
      { name: '__proto__', values: ['x'] },
      { name: 'constructor', values: ['y'] },
    ]);
  });
});
