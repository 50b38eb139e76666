/** What a panel shows when it has nothing to show: empty, loading, or failed, each with what the person can do next. */
import { KindredError } from '../../rpc/errors';
import { button, progressRing, type ButtonProps } from './components';
import { h, icon } from './dom';

export interface StateProps {
  readonly title: string;
  readonly text?: string;
  /** Name of a codicon. */
  readonly icon?: string;
  readonly actions?: readonly ButtonProps[];
}

export function emptyState(props: StateProps): HTMLElement {
  return stateElement('empty', props, icon(props.icon ?? 'inbox'));
}

export function loadingState(title: string, text?: string): HTMLElement {
  const element = stateElement('loading', { title, ...(text === undefined ? {} : { text }) }, progressRing());
  element.setAttribute('role', 'status');
  return element;
}

/** The error's message, its remedy, the file it is about, and buttons (usually "Try again"). */
export function errorState(error: unknown, actions: readonly ButtonProps[] = []): HTMLElement {
  const known = error instanceof KindredError ? error : undefined;
  const title = error instanceof Error ? error.message : String(error);
  const text = known?.remedy;
  const element = stateElement('error', { title, ...(text === undefined ? {} : { text }), actions }, icon('error'));
  element.setAttribute('role', 'alert');
  if (known?.path !== undefined)
    element.querySelector('.state-title')?.after(h('code', { class: 'state-path' }, known.path));
  return element;
}

function stateElement(kind: string, props: StateProps, picture: HTMLElement): HTMLElement {
  return h(
    'div',
    { class: `state state-${kind}` },
    h('div', { class: 'state-picture' }, picture),
    h('p', { class: 'state-title' }, props.title),
    props.text !== undefined && h('p', { class: 'state-text' }, props.text),
    props.actions !== undefined &&
      props.actions.length > 0 &&
      h('div', { class: 'state-actions' }, ...props.actions.map((action) => button(action))),
  );
}
