import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KindredError } from '../../../src/rpc/errors';
import { appendDurably, toWriteError, writeFileAtomic } from '../../../src/trainer/store/atomic';
import { temporaryFolder } from '../dataset/images';
import { fillDisk, makeReadOnly } from './brokenDisk';

describe('writeFileAtomic', () => {
  it('writes text, bytes and parts, makes folders, and leaves nothing else behind', async () => {
    const folder = await temporaryFolder();
    await writeFileAtomic(join(folder, 'a/b.txt'), 'grüße');
    await writeFileAtomic(join(folder, 'a/c.bin'), new Uint8Array([1, 2]));
    await writeFileAtomic(join(folder, 'a/d.bin'), [new Uint8Array([1]), new Uint8Array([2, 3])], { durable: false });
    expect(await readFile(join(folder, 'a/b.txt'), 'utf8')).toBe('grüße');
    expect([...(await readFile(join(folder, 'a/d.bin')))]).toEqual([1, 2, 3]);
    expect((await readdir(join(folder, 'a'))).sort()).toEqual(['b.txt', 'c.bin', 'd.bin']);
  });

  it('writes a file with the longest name that the disk allows', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'x'.repeat(255));
    await writeFileAtomic(path, 'here');
    expect(await readFile(path, 'utf8')).toBe('here');
  });

  it('keeps the old file whole when the disk is full', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'file');
    await writeFile(path, 'old');
    fillDisk(5);
    const error: unknown = await writeFileAtomic(path, 'new and too long').catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'disk-full', path });
    expect((error as KindredError).remedy).toMatch(/Free some space/);
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('says read-only for a folder that may not be written', async () => {
    const folder = await temporaryFolder();
    makeReadOnly(folder, 'EROFS');
    const error: unknown = await writeFileAtomic(join(folder, 'file'), 'x').catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'read-only', path: join(folder, 'file') });
    expect((error as KindredError).remedy).toMatch(/kindred\.storeFolder/);
  });

  it('never shows a reader a mixture', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'file');
    await writeFileAtomic(path, '0'.repeat(200_000));
    const writes = Array.from({ length: 8 }, (_, i) => writeFileAtomic(path, String(i).repeat(200_000)));
    for (let i = 0; i < 20; i++) {
      const text = await readFile(path, 'utf8');
      expect(text).toBe(text[0].repeat(200_000));
    }
    await Promise.all(writes);
  });
});

describe('appendDurably', () => {
  it('appends whole lines from many callers', async () => {
    const path = join(await temporaryFolder(), 'sub/log.jsonl');
    await Promise.all(Array.from({ length: 30 }, (_, i) => appendDurably(path, `${String(i).repeat(500)}\n`)));
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines.sort()).toEqual(Array.from({ length: 30 }, (_, i) => String(i).repeat(500)).sort());
  });
});

describe('toWriteError', () => {
  it('names path and remedy for every kind, and passes KindredErrors on', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'taken'));
    const error: unknown = await writeFileAtomic(join(folder, 'taken'), 'x').catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'bad-input', path: join(folder, 'taken') });
    expect(toWriteError(Object.assign(new Error(), { code: 'EDQUOT' }), '/p').code).toBe('disk-full');
    const own = new KindredError('cancelled', 'Cancelled.');
    expect(toWriteError(own, '/p')).toBe(own);
  });
});
