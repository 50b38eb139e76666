/** Makes elements without HTML strings, which a strict CSP and untrusted file names both forbid. */

export type Child = Node | string | undefined | false;

export interface ElementProps {
  readonly class?: string;
  readonly id?: string;
  readonly role?: string;
  readonly tabIndex?: number;
  readonly hidden?: boolean;
  /** Without the `aria-` prefix. */
  readonly aria?: Readonly<Record<string, string | undefined>>;
  /** Without the `data-` prefix. */
  readonly data?: Readonly<Record<string, string>>;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly on?: { readonly [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };
}

/** An element with its properties, listeners and children. Undefined and false children are left out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props?: ElementProps,
  ...children: readonly Child[]
): HTMLElementTagNameMap[K];
export function h(tag: string, props?: ElementProps, ...children: readonly Child[]): HTMLElement;
export function h(tag: string, props: ElementProps = {}, ...children: readonly Child[]): HTMLElement {
  const element = document.createElement(tag);
  if (props.class !== undefined) element.className = props.class;
  if (props.id !== undefined) element.id = props.id;
  if (props.role !== undefined) element.setAttribute('role', props.role);
  if (props.tabIndex !== undefined) element.tabIndex = props.tabIndex;
  if (props.hidden !== undefined) element.hidden = props.hidden;
  setAria(element, props.aria ?? {});
  for (const [name, value] of Object.entries(props.data ?? {})) element.setAttribute(`data-${name}`, value);
  for (const [name, value] of Object.entries(props.attributes ?? {})) element.setAttribute(name, value);
  for (const [name, listener] of Object.entries(props.on ?? {})) {
    element.addEventListener(name, listener as EventListener);
  }
  element.append(...present(children));
  return element;
}

/** Sets `aria-*` attributes; `undefined` removes one. */
export function setAria(element: Element, aria: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(aria)) {
    if (value === undefined) element.removeAttribute(`aria-${name}`);
    else element.setAttribute(`aria-${name}`, value);
  }
}

/** A codicon, silent to screen readers; the host links codicon.css. */
export function icon(name: string): HTMLElement {
  return h('span', { class: `codicon codicon-${name}`, aria: { hidden: 'true' } });
}

export function replaceChildren(parent: Element, ...children: readonly Child[]): void {
  parent.replaceChildren(...present(children));
}

/** An SVG element; attributes only, so that it holds under a strict CSP. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: readonly Node[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

function present(children: readonly Child[]): (Node | string)[] {
  return children.filter((child): child is Node | string => child !== undefined && child !== false);
}
