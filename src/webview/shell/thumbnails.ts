import { h } from './dom';
import type { Disposable } from './disposable';

/** Asks for pictures (bytes) or excerpts (text) of items, in order; anything else means that the file is gone or broken. */
export type FetchThumbnails = (items: readonly number[]) => Promise<readonly unknown[]>;

/** Called with a blob URL, or with `undefined` when there is no picture; of a text, with its beginning. */
export type ThumbnailListener = (url: string | undefined, excerpt?: string) => void;

export interface ThumbnailOptions {
  /** Pictures kept; the ones not used for longest go first. */
  readonly capacity?: number;
  /** Pictures asked for at once. */
  readonly batch?: number;
  /** Requests under way at once. */
  readonly requests?: number;
}

/**
 * Thumbnails as blob URLs. Requests made close together travel together; the newest are served first, because they are what is
 * on the screen now, and what nobody waits for any more is never asked for.
 */
export class ThumbnailCache implements Disposable {
  private readonly urls = new Map<number, string | undefined>();
  private readonly excerpts = new Map<number, string>();
  private readonly waiting = new Map<number, Set<ThumbnailListener>>();
  private readonly underWay = new Set<number>();
  private readonly capacity: number;
  private readonly batch: number;
  private readonly requests: number;
  private running = 0;
  private timer: number | undefined;
  private disposed = false;

  constructor(
    private readonly fetch: FetchThumbnails,
    options: ThumbnailOptions = {},
  ) {
    this.capacity = options.capacity ?? 2000;
    this.batch = options.batch ?? 48;
    this.requests = options.requests ?? 2;
  }

  /** Calls `listener` once, at once when the picture is here. The returned function takes the request back. */
  request(item: number, listener: ThumbnailListener): () => void {
    if (this.urls.has(item)) {
      const url = this.urls.get(item);
      this.keep(item, url);
      listener(url, this.excerpts.get(item));
      return () => undefined;
    }
    const listeners = this.waiting.get(item) ?? new Set();
    this.waiting.delete(item);
    this.waiting.set(item, listeners.add(listener));
    this.schedule();
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && !this.underWay.has(item)) this.waiting.delete(item);
    };
  }

  /** Forgets all pictures: the dataset has changed. */
  clear(): void {
    for (const url of this.urls.values()) if (url !== undefined) URL.revokeObjectURL(url);
    this.urls.clear();
    this.excerpts.clear();
  }

  dispose(): void {
    this.disposed = true;
    window.clearTimeout(this.timer);
    this.waiting.clear();
    this.clear();
  }

  private schedule(): void {
    if (this.disposed) return;
    this.timer ??= window.setTimeout(() => {
      this.timer = undefined;
      while (this.running < this.requests && this.send());
    }, 12);
  }

  /** @returns whether there was something to ask for */
  private send(): boolean {
    const items = [...this.waiting.keys()]
      .filter((item) => !this.underWay.has(item))
      .slice(-this.batch)
      .reverse();
    if (items.length === 0) return false;
    for (const item of items) this.underWay.add(item);
    this.running++;
    this.fetch(items)
      .then((pictures) => items.forEach((item, i) => this.arrive(item, pictures[i])))
      .catch(() => items.forEach((item) => this.fail(item)))
      .finally(() => {
        this.running--;
        this.schedule();
      });
    return true;
  }

  private arrive(item: number, picture: unknown): void {
    if (this.disposed) return;
    const url =
      picture instanceof Uint8Array
        ? URL.createObjectURL(new Blob([picture as Uint8Array<ArrayBuffer>], { type: 'image/webp' }))
        : undefined;
    if (typeof picture === 'string') this.excerpts.set(item, picture);
    this.keep(item, url);
    this.tell(item, url);
  }

  /** A failed request is not remembered: the next one may succeed. */
  private fail(item: number): void {
    this.tell(item, undefined);
  }

  private tell(item: number, url: string | undefined): void {
    const listeners = this.waiting.get(item);
    this.waiting.delete(item);
    this.underWay.delete(item);
    const excerpt = this.excerpts.get(item);
    listeners?.forEach((listener) => listener(url, excerpt));
  }

  private keep(item: number, url: string | undefined): void {
    this.urls.delete(item);
    this.urls.set(item, url);
    if (this.urls.size <= this.capacity) return;
    const [oldest, oldUrl] = this.urls.entries().next().value!;
    this.urls.delete(oldest);
    this.excerpts.delete(oldest);
    if (oldUrl !== undefined) URL.revokeObjectURL(oldUrl);
  }
}

/** A picture that fills itself; `release` when it leaves the screen, so that it is not asked for in vain. */
export interface ThumbnailImage {
  readonly element: HTMLElement;
  release(): void;
}

/** @param isDecoration an excerpt is only painted, as a picture without words is, because what holds it has a name of its own */
export function thumbnailImage(cache: ThumbnailCache, item: number, alt: string, isDecoration = false): ThumbnailImage {
  const element = h('span', { class: 'thumbnail thumbnail-loading' });
  const release = cache.request(item, (url, excerpt) => {
    element.classList.remove('thumbnail-loading');
    if (excerpt !== undefined) {
      element.classList.add('thumbnail-text');
      element.append(
        isDecoration
          ? h('span', { class: 'thumbnail-excerpt', data: { excerpt } })
          : h('span', { class: 'thumbnail-excerpt' }, excerpt),
      );
    } else if (url === undefined) {
      element.classList.add('thumbnail-missing');
      element.append(
        h('span', { class: 'codicon codicon-file-media', role: 'img', aria: { label: `No picture: ${alt}` } }),
      );
    } else element.append(h('img', { attributes: { src: url, alt, draggable: 'false' } }));
  });
  return { element, release };
}
