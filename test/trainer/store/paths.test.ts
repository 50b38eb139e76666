import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isInside, resolveInside, storePaths } from '../../../src/trainer/store/paths';
import { temporaryFolder } from '../dataset/images';

describe('storePaths', () => {
  it('puts caches in .kindred and the journal beside it', () => {
    const paths = storePaths({ root: '/data/set' });
    expect(paths.items).toBe(join('/data/set', '.kindred', 'items.arrow'));
    expect(paths.journal).toBe(join('/data/set', 'kindred.decisions.jsonl'));
    expect(paths.quarantine).toBe(join('/data/set', 'kindred.quarantine'));
    expect(paths.config).toBe(join('/data/set', 'kindred.json'));
  });

  it('puts both in another place when one is given', () => {
    const paths = storePaths({ root: '/data/set', store: '/other' });
    expect(paths.folder).toBe('/other');
    expect(paths.journal).toBe(join('/other', 'kindred.decisions.jsonl'));
    expect(paths.quarantine).toBe(join('/data/set', 'kindred.quarantine'));
  });
});

describe('resolveInside', () => {
  it('gives absolute paths of what is inside, whether it exists or not', async () => {
    const root = await temporaryFolder();
    expect(resolveInside(root, 'a/b.png')).toBe(join(root, 'a/b.png'));
    expect(resolveInside(root, 'a/../b.png')).toBe(join(root, 'b.png'));
    expect(resolveInside(root, '..name/..x')).toBe(join(root, '..name/..x'));
    expect(resolveInside(root, join(root, 'c'))).toBe(join(root, 'c'));
  });

  it.each(['../x', 'a/../../x', '/etc/passwd', '..', 'a\0b'])('refuses %j', async (path) => {
    const root = await temporaryFolder();
    expect(() => resolveInside(root, path)).toThrow(expect.objectContaining({ code: 'bad-input' }) as Error);
  });

  it('refuses a way out through a symbolic link, but takes links that stay inside', async () => {
    const root = await temporaryFolder();
    const elsewhere = await temporaryFolder();
    await mkdir(join(root, 'real'));
    await writeFile(join(elsewhere, 'x.png'), 'x');
    await symlink(elsewhere, join(root, 'out'));
    await symlink(join(root, 'real'), join(root, 'in'));
    await symlink(join(elsewhere, 'x.png'), join(root, 'x.png'));
    expect(() => resolveInside(root, 'out/x.png')).toThrow(/outside/);
    expect(() => resolveInside(root, 'out/not/there.png')).toThrow(/outside/);
    expect(() => resolveInside(root, 'x.png')).toThrow(/outside/);
    expect(resolveInside(root, 'in/new.png')).toBe(join(root, 'in/new.png'));
  });

  it('works when the root itself is a link', async () => {
    const real = await temporaryFolder();
    const link = join(await temporaryFolder(), 'link');
    await symlink(real, link);
    await writeFile(join(real, 'x.png'), 'x');
    expect(resolveInside(link, 'x.png')).toBe(join(link, 'x.png'));
  });
});

it('isInside tells a folder from its namesakes', () => {
  expect(isInside('/a/b', '/a/b')).toBe(true);
  expect(isInside('/a/b', '/a/b/c')).toBe(true);
  expect(isInside('/a/b', '/a/bc')).toBe(false);
  expect(isInside('/a/b', '/a')).toBe(false);
});
