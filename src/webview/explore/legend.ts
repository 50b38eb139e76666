import {
  cssColour,
  formatCount,
  h,
  icon,
  PALETTE_SIZE,
  replaceChildren,
  setAria,
  textField,
  type CategoryCount,
  type Colour,
} from '../shell';
import type { Colouring } from './colouring';

const MOST_FOUND = 60;

export interface LegendListener {
  /** Names of the categories that shall stand out; none: all do. */
  isolate(names: readonly string[]): void;
  toggle(open: boolean): void;
}

/** Which colour means what. A click isolates a category; with Ctrl, Command or Shift it joins the others. */
export class Legend {
  readonly element: HTMLElement;
  private readonly title = h('span', { class: 'ellipsis' });
  private readonly total = h('span', { class: 'muted legend-total' });
  private readonly chevron = h('span', { class: 'codicon codicon-chevron-down', aria: { hidden: 'true' } });
  private readonly heading: HTMLElement;
  private readonly body: HTMLElement;
  private readonly rows = h('div', { class: 'legend-rows', role: 'group', aria: { label: 'Categories' } });
  private readonly filter: HTMLElement;
  private readonly more = h('div', { class: 'legend-more muted' });
  private readonly note = h('div', { class: 'legend-note' });
  private colouring: Colouring | undefined;
  private isolated: readonly string[] = [];
  private wanted = '';

  constructor(private readonly listener: LegendListener) {
    this.filter = textField({
      label: 'Find a category',
      placeholder: 'Find…',
      onInput: (value) => {
        this.wanted = value.trim().toLowerCase();
        this.draw();
      },
    });
    this.heading = h(
      'button',
      { class: 'plain legend-heading', on: { click: () => this.listener.toggle(this.body.hidden !== false) } },
      this.chevron,
      this.title,
      this.total,
    );
    this.body = h('div', { class: 'legend-body' }, this.filter, this.rows, this.more, this.note);
    this.element = h('section', { class: 'legend', aria: { label: 'Legend' } }, this.heading, this.body);
  }

  /** @param note more about what the colours say */
  show(
    colouring: Colouring,
    title: string,
    isolated: readonly string[],
    open: boolean,
    note: HTMLElement | undefined,
  ): void {
    replaceChildren(this.note, note);
    this.colouring = colouring;
    this.isolated = isolated;
    this.title.textContent = title;
    this.total.textContent = formatCount(colouring.ranked.length);
    this.body.hidden = !open;
    setAria(this.heading, { expanded: String(open) });
    this.chevron.className = `codicon codicon-chevron-${open ? 'down' : 'right'}`;
    this.filter.hidden = colouring.ranked.length <= PALETTE_SIZE + 2;
    this.element.hidden = colouring.ranked.length === 0;
    this.draw();
  }

  private draw(): void {
    const { colouring } = this;
    if (!colouring) return;
    const shown = this.visible(colouring);
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['name'] : undefined;
    replaceChildren(this.rows, ...shown.map((category) => this.row(category, colouring.colours[category.code])));
    if (focused !== undefined) this.rows.querySelector<HTMLElement>(`[data-name="${CSS.escape(focused)}"]`)?.focus();
    replaceChildren(this.more, ...this.remarks(colouring, shown));
    this.more.hidden = this.more.childNodes.length === 0;
  }

  /** Isolated categories always; otherwise the largest, or what was looked for. */
  private visible({ ranked }: Colouring): CategoryCount[] {
    const isolated = new Set(this.isolated);
    if (this.wanted !== '') {
      return ranked.filter(({ name }) => name.toLowerCase().includes(this.wanted)).slice(0, MOST_FOUND);
    }
    const most = ranked.length <= PALETTE_SIZE + 2 ? ranked.length : PALETTE_SIZE;
    return ranked.filter(({ name }, rank) => rank < most || isolated.has(name)).slice(0, MOST_FOUND);
  }

  private remarks(colouring: Colouring, shown: readonly CategoryCount[]): (HTMLElement | string)[] {
    const hidden = colouring.ranked.length - shown.length;
    const remarks: (HTMLElement | string)[] = [];
    if (this.wanted !== '' && shown.length === 0) remarks.push('Nothing found.');
    else if (this.wanted === '' && hidden > 0) remarks.push(`${formatCount(hidden)} more, in quieter colours`);
    if (this.wanted === '' && colouring.missingCount > 0) remarks.push(missingRow(colouring));
    if (this.isolated.length > 0) {
      remarks.push(
        h('button', { class: 'plain legend-all', on: { click: () => this.listener.isolate([]) } }, 'Show all'),
      );
    }
    return remarks;
  }

  private row({ name, count }: CategoryCount, colour: Colour): HTMLElement {
    const pressed = this.isolated.includes(name);
    const row = h(
      'button',
      {
        class: 'plain legend-row',
        aria: { pressed: String(pressed) },
        data: { name },
        attributes: { title: name },
        on: { click: (event) => this.choose(name, event.ctrlKey || event.metaKey || event.shiftKey) },
      },
      swatch(colour),
      h('span', { class: 'ellipsis legend-name' }, name),
      h('span', { class: 'muted legend-count' }, formatCount(count)),
      pressed && icon('eye'),
    );
    row.classList.toggle('legend-back', this.isolated.length > 0 && !pressed);
    return row;
  }

  private choose(name: string, join: boolean): void {
    const { isolated } = this;
    if (isolated.includes(name)) this.listener.isolate(join ? isolated.filter((other) => other !== name) : []);
    else this.listener.isolate(join ? [...isolated, name] : [name]);
  }
}

/** A dot of a colour. */
export function swatch(colour: Colour): HTMLElement {
  const dot = h('span', { class: 'swatch', aria: { hidden: 'true' } });
  dot.style.backgroundColor = cssColour(colour);
  return dot;
}

function missingRow(colouring: Colouring): HTMLElement {
  return h(
    'div',
    { class: 'legend-missing' },
    swatch(colouring.missing),
    h('span', { class: 'legend-name' }, 'None'),
    h('span', { class: 'legend-count' }, formatCount(colouring.missingCount)),
  );
}
