import type { PanelSubject } from '../protocol';
import type { VsCodeApi } from './connection';
import type { Disposable } from './disposable';

/** Every panel's state names its subject, so that a window that restarts knows what the panel showed. */
export interface PanelState {
  readonly subject: PanelSubject;
}

const DELAY_MS = 200;

/**
 * A panel's state that survives hiding, reload and restart of the window. Changes are kept at once and written shortly after; a
 * panel that is being hidden writes first.
 */
export class ViewState<State extends PanelState> implements Disposable {
  private timer: number | undefined;
  private readonly flushWhenHidden = (): void => this.flush();

  constructor(
    private readonly api: VsCodeApi,
    private current: State,
  ) {
    window.addEventListener('pagehide', this.flushWhenHidden);
    document.addEventListener('visibilitychange', this.flushWhenHidden);
    api.setState(current);
  }

  get value(): State {
    return this.current;
  }

  update(change: Partial<State>): void {
    this.current = { ...this.current, ...change };
    this.timer ??= window.setTimeout(this.flushWhenHidden, DELAY_MS);
  }

  /** Writes what has changed now. */
  flush(): void {
    if (this.timer === undefined) return;
    window.clearTimeout(this.timer);
    this.timer = undefined;
    this.api.setState(this.current);
  }

  dispose(): void {
    this.flush();
    window.removeEventListener('pagehide', this.flushWhenHidden);
    document.removeEventListener('visibilitychange', this.flushWhenHidden);
  }
}

/**
 * The state that was kept, over `defaults`; the defaults when none was, or when it was of another view or dataset: an item number means
 * nothing elsewhere. The model or run may differ, the host's subject wins.
 */
export function restoreState<State extends PanelState>(api: VsCodeApi, defaults: State): State {
  const kept = api.getState() as Partial<State> | undefined | null;
  if (typeof kept !== 'object' || kept?.subject === undefined) return defaults;
  const same =
    kept.subject.view === defaults.subject.view && kept.subject.dataset.root === defaults.subject.dataset.root;
  return same ? { ...defaults, ...kept, subject: defaults.subject } : defaults;
}
