import { KindredError } from '../../rpc/errors';
import { button, type ButtonProps } from './components';
import { h, icon, replaceChildren } from './dom';

/** A strip that says what went wrong, or what was done, while the panel stays usable. Hidden until the first `show`. */
export class Notice {
  readonly element = h('div', { class: 'notice', hidden: true });

  /** An error with its remedy; read out at once. */
  error(error: unknown, before: string, actions: readonly ButtonProps[] = []): void {
    const message =
      error instanceof KindredError ? error.advice : error instanceof Error ? error.message : String(error);
    this.show('error', `${before} ${message}`, actions);
  }

  show(kind: 'error' | 'info', text: string, actions: readonly ButtonProps[] = []): void {
    this.element.className = `notice notice-${kind}`;
    this.element.setAttribute('role', kind === 'error' ? 'alert' : 'status');
    this.element.hidden = false;
    replaceChildren(
      this.element,
      icon(kind),
      h('span', { class: 'notice-text' }, text),
      ...actions.map((action) => button(action)),
      button({ label: 'Dismiss', icon: 'close', kind: 'icon', onClick: () => this.hide() }),
    );
  }

  hide(): void {
    this.element.hidden = true;
  }
}
