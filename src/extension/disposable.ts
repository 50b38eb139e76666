/** Anything that holds something which must be let go of. Structurally the same as `vscode.Disposable`. */
export interface DisposableLike {
  dispose(): unknown;
}

/** Base of everything that lives as long as the extension, a panel or a view: what it registers goes with it. */
export abstract class Disposable implements DisposableLike {
  private readonly held: DisposableLike[] = [];
  private gone = false;

  protected get disposed(): boolean {
    return this.gone;
  }

  /** Last registered, first disposed. */
  dispose(): void {
    if (this.gone) return;
    this.gone = true;
    while (this.held.length > 0) this.held.pop()?.dispose();
  }

  /** Ties `value` to this object's life, and disposes it at once when that is over. */
  protected register<T extends DisposableLike>(value: T): T {
    if (this.gone) value.dispose();
    else this.held.push(value);
    return value;
  }
}
