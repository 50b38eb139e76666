import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ThumbnailCache } from '../../../src/webview/shell/thumbnails';

/** The cache needs only timers and blob URLs, which Node has too. */
beforeAll(() => void vi.stubGlobal('window', globalThis));
afterAll(() => void vi.unstubAllGlobals());

const pause = (ms = 40): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const picture = (item: number): Uint8Array => Uint8Array.of(item);

describe('ThumbnailCache', () => {
  it('asks once for what is wanted at the same time', async () => {
    const asked: number[][] = [];
    const cache = new ThumbnailCache((items) => (asked.push([...items]), Promise.resolve(items.map(picture))));
    const urls: (string | undefined)[] = [];
    for (const item of [1, 2, 1]) cache.request(item, (url) => urls.push(url));
    await pause();
    expect(asked).toEqual([[1, 2]]);
    expect(urls.filter((url) => url?.startsWith('blob:'))).toHaveLength(3);
    cache.request(2, (url) => urls.push(url));
    expect(urls).toHaveLength(4);
    expect(asked).toHaveLength(1);
  });

  it('never asks for what has been scrolled away', async () => {
    const asked: number[] = [];
    const cache = new ThumbnailCache((items) => (asked.push(...items), Promise.resolve(items.map(picture))));
    const takeBack = cache.request(1, () => undefined);
    cache.request(2, () => undefined);
    takeBack();
    await pause();
    expect(asked).toEqual([2]);
  });

  it('serves the newest wishes first, a batch at a time', async () => {
    const asked: number[][] = [];
    const cache = new ThumbnailCache((items) => (asked.push([...items]), Promise.resolve(items.map(picture))), {
      batch: 2,
      requests: 1,
    });
    for (const item of [1, 2, 3]) cache.request(item, () => undefined);
    await pause(120);
    expect(asked).toEqual([[3, 2], [1]]);
  });

  it('takes anything but bytes for a missing picture, and remembers it', async () => {
    let calls = 0;
    const cache = new ThumbnailCache((items) => (calls++, Promise.resolve(items.map(() => null))));
    const urls: unknown[] = [];
    cache.request(1, (url) => urls.push(url));
    await pause();
    cache.request(1, (url) => urls.push(url));
    expect(urls).toEqual([undefined, undefined]);
    expect(calls).toBe(1);
  });

  it('asks again after a failure', async () => {
    let calls = 0;
    const cache = new ThumbnailCache((items) =>
      calls++ === 0 ? Promise.reject(new Error('gone')) : Promise.resolve(items.map(picture)),
    );
    const urls: (string | undefined)[] = [];
    cache.request(1, (url) => urls.push(url));
    await pause();
    cache.request(1, (url) => urls.push(url));
    await pause();
    expect(urls[0]).toBeUndefined();
    expect(urls[1]).toMatch(/^blob:/);
  });

  it('lets the longest unused picture go', async () => {
    const asked: number[] = [];
    const cache = new ThumbnailCache((items) => (asked.push(...items), Promise.resolve(items.map(picture))), {
      capacity: 2,
    });
    for (const item of [1, 2, 1, 3, 1, 2]) {
      cache.request(item, () => undefined);
      await pause();
    }
    expect(asked).toEqual([1, 2, 3, 2]);
  });
});
