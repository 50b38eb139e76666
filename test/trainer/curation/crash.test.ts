import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyDecisions, listBatches, restoreBatch } from '../../../src/trainer/curation/apply';
import { openJournal } from '../../../src/trainer/curation/journal';
import { files, replaceFiles, type FileSystem } from '../../../src/trainer/store/files';
import { bundled } from './support/bundled';
import { quietContext } from './support/context';
import { contentsOf, removing, writeDataset, type Subject } from './support/folder';

/** Hundreds of deaths, each with dozens of syncs: in memory where there is such a folder. */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

let root: string;
beforeEach(async () => {
  root = await fs.mkdtemp(join(memory, 'kindred-crash-'));
});
afterEach(() => fs.rm(root, { recursive: true, force: true }));

const FILES = { 'a.png': 'A', 'cat/b.png': 'BB', 'cat/c.png': 'CCC', 'd.png': 'DDDD' };
const MANIFEST = {
  name: 'list.csv',
  column: 'path',
  text: 'path,note\r\na.png,"one\r\ntwo"\r\ncat/b.png,x\r\n\r\ncat/c.png,"say ""hi"""\r\nd.png,last',
};
const ALL = { ...FILES, 'list.csv': MANIFEST.text };

class Died extends Error {}

/** From the n-th operation on, every one fails: as seen from the disk, the process died there. Gives the count until then. */
function dieAt(n: number, disks: 'one' | 'two'): { undo: () => void; count: () => number } {
  let count = 0;
  const real = files();
  const names = Object.keys(real) as (keyof FileSystem)[];
  const dying = Object.fromEntries(
    names.map((name) => [
      name,
      async (...args: unknown[]) => {
        if (++count > n) throw new Died();
        const across = args.filter((arg) => String(arg).includes('kindred.quarantine')).length === 1;
        if (disks === 'two' && across && (name === 'link' || name === 'rename')) {
          throw Object.assign(new Error('EXDEV'), { code: 'EXDEV' });
        }
        return (real[name] as (...args: unknown[]) => Promise<unknown>)(...args);
      },
    ]),
  );
  return { undo: replaceFiles(dying), count: () => count };
}

/** Runs `work` dying at n; gives whether it came to its end. */
async function survives(n: number, disks: 'one' | 'two', work: () => Promise<unknown>): Promise<boolean> {
  const death = dieAt(n, disks);
  try {
    await work();
    return true;
  } catch {
    return false;
  } finally {
    death.undo();
    // A dead process leaves its lock file; it names this living one, which a new process would not see as alive.
    await fs.rm(join(root, '.kindred/apply.lock'), { force: true });
  }
}

/** Every file is there, once, with its content: at home or away. */
async function expectWhole(): Promise<void> {
  const there = await contentsOf(root);
  const found = Object.entries(there)
    .filter(([path]) => path !== 'list.csv' && !path.includes('.kindred-'))
    .map(([path, content]) => `${path.replace(/^kindred\.quarantine\/[^/]+\/files\//, '')} ${content}`);
  const expected = Object.entries(FILES).map(([path, content]) => `${path} ${content}`);
  // Before recovery a file may have both of its names, but never none.
  expect([...new Set(found)].sort()).toEqual(expected.sort());
}

async function restoreAll(dataset: Subject): Promise<void> {
  for (const { id, state } of await listBatches(dataset.paths)) {
    if (state !== 'restored') expect(await restoreBatch(dataset, id, quietContext())).toMatchObject({ problems: [] });
  }
}

describe.each(['one', 'two'] as const)('dying at every step, on %s disk(s)', (disks) => {
  it('of an apply: restoring brings everything back, byte by byte', async () => {
    let ended = false;
    for (let n = 0; !ended; n++) {
      const dataset = await writeDataset(root, FILES, MANIFEST);
      ended = await survives(n, disks, () => applyDecisions(dataset, removing([0, 1, 2]), quietContext()));
      await expectWhole();
      await restoreAll(dataset);
      expect(await contentsOf(root), `died at ${n}`).toEqual(ALL);
      await fs.rm(root, { recursive: true });
      expect(n).toBeLessThan(1000);
    }
  }, 60_000);

  it('of an apply: applying again ends it, and restoring all brings everything back', async () => {
    let ended = false;
    for (let n = 0; !ended; n++) {
      const dataset = await writeDataset(root, FILES, MANIFEST);
      ended = await survives(n, disks, () => applyDecisions(dataset, removing([0, 1, 2]), quietContext()));
      const still = [0, 1, 2];
      if (!ended) {
        // What a new opening of the dataset would still find.
        const there = await contentsOf(root);
        const left = still.filter((item) => dataset.items.paths[item] in there);
        if (left.length > 0)
          expect(await applyDecisions(dataset, removing(left), quietContext())).toMatchObject({ problems: [] });
        for (const batch of await listBatches(dataset.paths)) if (left.length > 0) expect(batch.state).toBe('applied');
      }
      if (await gone(dataset, still)) {
        const text = await fs.readFile(join(root, 'list.csv'), 'utf8');
        expect([MANIFEST.text, `died at ${n}`, 'path,note\r\n\r\nd.png,last', 'path,note\r\nd.png,last']).toContain(
          text,
        );
      }
      await expectWhole();
      await restoreAll(dataset);
      const back = await contentsOf(root);
      expect({ ...back, 'list.csv': sortedRows(back['list.csv']) }, `died at ${n}`).toEqual({
        ...ALL,
        'list.csv': sortedRows(MANIFEST.text),
      });
      await fs.rm(root, { recursive: true });
    }
  }, 60_000);

  it('of a restore: restoring again ends it', async () => {
    let ended = false;
    for (let n = 0; !ended; n++) {
      const dataset = await writeDataset(root, FILES, MANIFEST);
      const { batch } = await applyDecisions(dataset, removing([0, 1, 2]), quietContext());
      ended = await survives(n, disks, () => restoreBatch(dataset, batch.id, quietContext()));
      await expectWhole();
      await restoreAll(dataset);
      expect(await contentsOf(root), `died at ${n}`).toEqual(ALL);
      await fs.rm(root, { recursive: true });
    }
  }, 60_000);
});

async function gone(dataset: Subject, items: readonly number[]): Promise<boolean> {
  const there = await contentsOf(root);
  return items.every((item) => !(dataset.items.paths[item] in there));
}

/** The records, whatever their order; each of the test's manifest begins with a path. */
function sortedRows(text: string): string[] {
  return text
    .split(/\r\n(?=[^\r\n]*\.png)/)
    .map((row) => row.trim())
    .sort();
}

describe('a process that is killed', () => {
  it('in the middle of an apply, loses nothing, and its lock does not stay', async () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f/${i}.png`, `content ${i}`]));
    const dataset = await writeDataset(root, many);
    const journal = openJournal(dataset.paths);
    await journal.append([{ kind: 'remove', item: { hash: dataset.items.hashes[0], path: dataset.items.paths[0] } }]);
    const tools = await fs.mkdtemp(join(tmpdir(), 'kindred-tools-'));
    const script = await bundled('support/applyAll.ts', tools);
    for (const moves of [1, 100, 250]) {
      const child = spawn(process.execPath, [script, root], { stdio: ['ignore', 'pipe', 'inherit'] });
      await new Promise<void>((resolve) => {
        let seen = 0;
        child.stdout.on('data', (data: Buffer) => {
          seen += data.length;
          if (seen >= moves) child.kill('SIGKILL');
        });
        child.on('exit', () => resolve());
      });
      expect(child.signalCode).toBe('SIGKILL');
      const [batch] = await listBatches(dataset.paths);
      expect(batch).toMatchObject({ state: 'incomplete' });
      expect(batch.files).toBeGreaterThanOrEqual(moves);
      await restoreAll(dataset);
      const there = await contentsOf(root);
      delete there['kindred.decisions.jsonl'];
      expect(there).toEqual(many);
      expect(await journal.read()).toHaveLength(1);
    }
    await fs.rm(tools, { recursive: true });
  }, 60_000);
});
