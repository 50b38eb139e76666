/** Something that holds listeners, timers or memory until it is told to let go. */
export interface Disposable {
  dispose(): void;
}

/** Lets go of several things at once, last made first. */
export class Disposables implements Disposable {
  private readonly held: Disposable[] = [];

  add<T extends Disposable>(disposable: T): T {
    this.held.push(disposable);
    return disposable;
  }

  /** Listens until disposed. */
  listen<K extends keyof HTMLElementEventMap>(
    target: EventTarget,
    type: K,
    listener: (event: HTMLElementEventMap[K]) => void,
    options?: AddEventListenerOptions,
  ): void {
    target.addEventListener(type, listener as EventListener, options);
    this.held.push({ dispose: () => target.removeEventListener(type, listener as EventListener, options) });
  }

  dispose(): void {
    for (const disposable of this.held.splice(0).reverse()) disposable.dispose();
  }
}
