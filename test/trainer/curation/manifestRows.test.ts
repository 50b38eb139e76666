import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyDecisions, restoreBatch } from '../../../src/trainer/curation/apply';
import { Random } from '../../../src/trainer/random';
import { quietContext } from './support/context';
import { removing, writeDataset, type Subject } from './support/folder';

let root: string;
beforeEach(async () => {
  root = await fs.mkdtemp(join(tmpdir(), 'kindred-rows-'));
});
afterEach(() => fs.rm(root, { recursive: true, force: true }));

const FILES = { 'a.png': 'A', 'cat/b.png': 'B', 'ü.png': 'C' };
const apply = async (dataset: Subject, ...items: number[]): Promise<string> =>
  (await applyDecisions(dataset, removing(items), quietContext())).batch.id;
const restore = (dataset: Subject, id: string) => restoreBatch(dataset, id, quietContext());
const read = (name: string): Promise<string> => fs.readFile(join(root, name), 'utf8');

/** The manifest, the items that go, and what is left of it. */
const CASES: readonly (readonly [what: string, name: string, text: string, items: number[], left: string])[] = [
  ['a plain row', 'l.csv', 'path,label\na.png,x\ncat/b.png,y\nü.png,z\n', [1], 'path,label\na.png,x\nü.png,z\n'],
  ['the last row, without a line break', 'l.csv', 'path\na.png\ncat/b.png', [1], 'path\na.png\n'],
  [
    'a row over several lines',
    'l.csv',
    'path,n\na.png,"1\n\n2, ""q"""\ncat/b.png,"\n"\n',
    [0],
    'path,n\ncat/b.png,"\n"\n',
  ],
  [
    'the row after one over several lines',
    'l.csv',
    'path,n\na.png,"1\n\n2"\ncat/b.png,y\n',
    [1],
    'path,n\na.png,"1\n\n2"\n',
  ],
  [
    'Windows line ends and a mark',
    'l.csv',
    '\ufeffpath;n\r\na.png;"1\r\n2"\r\n\r\ncat/b.png;y\r\n',
    [1],
    '\ufeffpath;n\r\na.png;"1\r\n2"\r\n\r\n',
  ],
  [
    'tabs, and the path in another column',
    'l.tsv',
    'n\tpath\n1\ta.png\n2\tcat/b.png\n',
    [0],
    'n\tpath\n2\tcat/b.png\n',
  ],
  ['other spellings of a path', 'l.csv', 'path\n./a.png\ncat\\b.png\nu\u0308.png\n', [0, 1, 2], 'path\n'],
  ['a path that is named twice', 'l.csv', 'path\na.png\ncat/b.png\n./a.png\n', [0], 'path\ncat/b.png\n'],
  [
    'JSON lines',
    'l.jsonl',
    '{"path":"a.png"}\n\n{ "x": [1], "path": "cat/b.png" }\n{"path":"ü.png"}',
    [0, 2],
    '\n{ "x": [1], "path": "cat/b.png" }\n',
  ],
];

describe('rows of a manifest', () => {
  it.each(CASES)('leave and come back: %s', async (_, name, text, items, left) => {
    const dataset = await writeDataset(root, FILES, { name, text, column: 'path' });
    const id = await apply(dataset, ...items);
    expect(await read(name)).toBe(left);
    expect(await restore(dataset, id)).toMatchObject({ problems: [], batch: { state: 'restored' } });
    expect(await read(name)).toBe(text);
  });

  const [, name, text] = CASES[0];
  const manifest = { name, text, column: 'path' };

  it('are told apart in a long file, over the borders of what is read at once', async () => {
    const random = new Random(1);
    const notes = ['plain', '"two\r\nlines"', '"a ""quote"", ü"', '"\n\n"', '', '"😀\r\n\r\n"'];
    const contents = Object.fromEntries(Array.from({ length: 4000 }, (_, i) => [`d/${i}.png`, String(i)]));
    const rows = Object.keys(contents).map((path) => `${notes[random.integer(notes.length)]},${path}\r\n`);
    const long = { name: 'long.csv', text: `note,path\r\n${rows.join('')}`, column: 'path' };
    const dataset = await writeDataset(root, contents, long);
    const items = Array.from({ length: 300 }, () => random.integer(rows.length));
    const remove = new Set(items);
    const id = await apply(dataset, ...remove);
    expect(await read('long.csv')).toBe(`note,path\r\n${rows.filter((_, i) => !remove.has(i)).join('')}`);
    await restore(dataset, id);
    expect(await read('long.csv')).toBe(long.text);
  });

  it('of several batches come back in their places, newest batch first', async () => {
    const dataset = await writeDataset(root, FILES, manifest);
    const one = await apply(dataset, 0);
    const two = await apply(dataset, 1);
    expect(await read(name)).toBe('path,label\nü.png,z\n');
    await restore(dataset, two);
    expect(await read(name)).toBe('path,label\ncat/b.png,y\nü.png,z\n');
    await restore(dataset, one);
    expect(await read(name)).toBe(text);
  });

  it('stay out for a file that could not come back, and then come to their place', async () => {
    const dataset = await writeDataset(root, FILES, manifest);
    const id = await apply(dataset, 0, 1);
    await fs.writeFile(join(root, 'a.png'), 'in the way');
    await restore(dataset, id);
    expect(await read(name)).toBe('path,label\ncat/b.png,y\nü.png,z\n');
    await fs.unlink(join(root, 'a.png'));
    await restore(dataset, id);
    expect(await read(name)).toBe(text);
  });

  it('come to the end when the manifest was changed meanwhile, and that is said', async () => {
    const dataset = await writeDataset(root, FILES, manifest);
    const id = await apply(dataset, 1);
    await fs.writeFile(join(root, name), 'path,label\na.png,CHANGED\nü.png,z');
    const { problems } = await restore(dataset, id);
    expect(problems).toMatchObject([{ path: name, reason: expect.stringContaining('at its end') as string }]);
    expect(await read(name)).toBe('path,label\na.png,CHANGED\nü.png,z\ncat/b.png,y\n');
  });

  it('are not added when the columns are others now', async () => {
    const dataset = await writeDataset(root, FILES, manifest);
    const id = await apply(dataset, 1);
    const changed = 'path,label,more\na.png,x,1\nü.png,z,2\n';
    await fs.writeFile(join(root, name), changed);
    expect(await restore(dataset, id)).toMatchObject({ moved: 1, problems: [{ path: name }] });
    expect(await read(name)).toBe(changed);
  });

  it('are told of when the manifest is gone', async () => {
    const dataset = await writeDataset(root, FILES, manifest);
    const id = await apply(dataset, 1);
    await fs.unlink(join(root, name));
    expect(await restore(dataset, id)).toMatchObject({ moved: 1, problems: [{ path: name }] });
  });

  it('of a manifest that cannot be read are told of, and the files move all the same', async () => {
    const dataset = await writeDataset(root, FILES, { ...manifest, text: 'path\n"a.png\n' });
    expect(await applyDecisions(dataset, removing([0]), quietContext())).toMatchObject({
      moved: 1,
      problems: [{ path: name }],
    });
    expect(await read(name)).toBe('path\n"a.png\n');
  });
});
