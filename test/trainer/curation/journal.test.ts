import { execFile } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal, openJournal } from '../../../src/trainer/curation/journal';
import { replaceFiles } from '../../../src/trainer/store/files';
import { bundled } from './support/bundled';
import type { ItemRef, Verdict } from '../../../src/trainer/types/curation';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kindred-journal-'));
  path = join(folder, 'kindred.decisions.jsonl');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const fresh = (): Journal => new Journal(path, join(folder, '.kindred', 'journal.lock'));
const ref = (name: string): ItemRef => ({ hash: name.padEnd(32, '0'), path: `${name}.png` });
const remove = (name: string): Verdict => ({ kind: 'remove', item: ref(name) });
const pathsIn = async (journal: Journal): Promise<string[]> =>
  (await journal.read()).map((one) =>
    one.kind === 'undo'
      ? 'undo'
      : one.kind === 'not-duplicate'
        ? one.items.map((i) => i.path).join('+')
        : one.item.path,
  );

describe('the journal', () => {
  it('is empty before the first decision, and writes nothing when only read', async () => {
    expect(await fresh().read()).toEqual([]);
    await expect(stat(path)).rejects.toThrow();
  });

  it('writes a decision a line, keys in one order', async () => {
    await fresh().append([
      { kind: 'keep', item: { hash: 'h'.repeat(32), path: 'ä "b".png', others: ['c.png'] } },
      { kind: 'not-duplicate', items: [ref('a'), ref('b')] },
    ]);
    await fresh().undo();
    const lines = (await readFile(path, 'utf8')).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(
      /^\{"at":"[^"]+Z","kind":"keep","item":\{"path":"ä \\"b\\".png","hash":"h{32}","others":\["c.png"\]\},"id":"[0-9a-f]{16}\.1"\}$/,
    );
    expect(lines[1]).toMatch(/^\{"at":"[^"]+Z","kind":"not-duplicate","items":\[\{"path":"a.png","hash":"a0+"\},/);
    expect(lines[2]).toMatch(/^\{"at":"[^"]+Z","kind":"undo","of":\["[0-9a-f]{16}\.1","[0-9a-f]{16}\.0"\],"id":/);
  });

  it('takes back one append at a time, across sessions, newest first', async () => {
    await fresh().append([remove('a')]);
    await fresh().append([remove('b'), remove('c')]);
    const undone = async (): Promise<number[]> =>
      (await fresh().read()).flatMap((one) => (one.kind === 'undo' ? [one.of.length] : []));
    expect(await fresh().undo()).toBe(true);
    expect(await undone()).toEqual([2]);
    expect(await fresh().undo()).toBe(true);
    expect(await undone()).toEqual([2, 1]);
    expect(await fresh().undo()).toBe(false);
  });

  it('sees what another process has appended since', async () => {
    const [one, two] = [fresh(), fresh()];
    await one.append([remove('a')]);
    expect(await pathsIn(two)).toEqual(['a.png']);
    await one.append([remove('b')]);
    expect(await pathsIn(two)).toEqual(['a.png', 'b.png']);
  });

  it('is one object a file', () => {
    const paths = { journal: path, folder: join(folder, '.kindred') };
    expect(openJournal(paths)).toBe(openJournal(paths));
  });
});

describe('a write that was cut short', () => {
  it('loses the whole batch and nothing else, wherever it was cut, and is repaired by the next append', async () => {
    await fresh().append([remove('a')]);
    const before = await readFile(path);
    await fresh().append([remove('b'), remove('c')]);
    const whole = await readFile(path);
    for (let length = before.length; length < whole.length; length++) {
      await writeFile(path, whole.subarray(0, length));
      const seen = await pathsIn(fresh());
      // Cut between two lines there is nothing torn to see: a whole line counts.
      const atLineEnd = length > before.length && whole[length - 1] === 10;
      const onlyLineEndMissing = length === whole.length - 1;
      if (!atLineEnd && !onlyLineEndMissing) expect(seen, `cut at ${length}`).toEqual(['a.png']);
      await fresh().append([remove('d')]);
      expect(await pathsIn(fresh())).toEqual([...seen, 'd.png']);
      for (const line of (await readFile(path, 'utf8')).trimEnd().split('\n')) JSON.parse(line);
    }
  });

  it('keeps a last line of which only the line break is missing', async () => {
    await fresh().append([remove('a')]);
    await writeFile(path, (await readFile(path, 'utf8')).trimEnd());
    expect(await pathsIn(fresh())).toEqual(['a.png']);
    await fresh().append([remove('b')]);
    expect(await pathsIn(fresh())).toEqual(['a.png', 'b.png']);
  });

  it('leaves the file as it was when the disk is full', async () => {
    await fresh().append([remove('a')]);
    const before = await readFile(path, 'utf8');
    const restore = replaceFiles({
      open: async (name, flags) => {
        const handle = await (await import('node:fs/promises')).open(name, flags);
        if (flags === 'a') {
          handle.write = () =>
            appendFile(path, '{"at":"20').then(() =>
              Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })),
            );
        }
        return handle;
      },
    });
    try {
      await expect(fresh().append([remove('b')])).rejects.toMatchObject({ code: 'disk-full', path });
    } finally {
      restore();
    }
    expect(await readFile(path, 'utf8')).toBe(before);
  });
});

describe('two processes', () => {
  it('lose no line when they append at the same time', async () => {
    const script = await bundled('support/appendMany.ts', folder);
    const run = (name: string): Promise<unknown> =>
      promisify(execFile)(process.execPath, [script, path, join(folder, '.kindred'), name, '40']);
    await Promise.all([run('one'), run('two'), run('three')]);
    const seen = await pathsIn(fresh());
    expect(seen).toHaveLength(3 * 40 * 3);
    for (const name of ['one', 'two', 'three']) {
      const own = seen.filter((one) => one.startsWith(name));
      expect(own).toEqual(Array.from({ length: 120 }, (_, i) => `${name}-${Math.floor(i / 3)}-${i % 3}.png`));
    }
    // Batches stay in one piece.
    expect(seen.every((one, i) => i % 3 === 0 || one.split('-')[1] === seen[i - 1].split('-')[1])).toBe(true);
  });

  it('take over the lock of one that died, and do not wait for it', async () => {
    await mkdir(join(folder, '.kindred'));
    await writeFile(join(folder, '.kindred', 'journal.lock'), `999999999 ${hostname()}\n`);
    await fresh().append([remove('a')]);
    expect(await pathsIn(fresh())).toEqual(['a.png']);
  });
});

describe('a journal that someone else has edited', () => {
  it('names file and line of merge conflict markers, says what to do, and is not touched', async () => {
    await fresh().append([remove('a')]);
    await appendFile(path, '<<<<<<< HEAD\n');
    await appendFile(path, await readFile(path, 'utf8').then((text) => text.split('\n')[0] + '\n'));
    const before = await readFile(path, 'utf8');
    const expected = { code: 'bad-input', path, message: expect.stringContaining(`${path}:2`) as string };
    await expect(fresh().read()).rejects.toMatchObject(expected);
    await expect(fresh().read()).rejects.toMatchObject({ remedy: expect.stringContaining('both sides') as string });
    await expect(fresh().append([remove('b')])).rejects.toMatchObject(expected);
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  it.each(['null', '[]', '{"kind":"remove"}', '{"id":"x.0","at":"now","kind":"remove","item":{"path":1,"hash":"h"}}'])(
    'refuses %s',
    async (line) => {
      await writeFile(path, `${line}\n`);
      await expect(fresh().read()).rejects.toMatchObject({ code: 'bad-input' });
    },
  );

  it('reads Windows line ends, a byte order mark and empty lines, and passes over kinds of a newer version', async () => {
    await fresh().append([remove('a')]);
    const line = (await readFile(path, 'utf8')).trimEnd();
    await writeFile(path, `\ufeff${line}\r\n\r\n{"at":"x","kind":"tag","item":{},"id":"1.0"}\r\n`);
    expect(await pathsIn(fresh())).toEqual(['a.png']);
    await fresh().append([remove('b')]);
    expect(await pathsIn(fresh())).toEqual(['a.png', 'b.png']);
    expect(await readFile(path, 'utf8')).toContain('"tag"');
  });
});
