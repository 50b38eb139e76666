import type { ItemDetail } from '../../trainer/protocol';
import { button, fileName, h, icon, replaceChildren } from '../shell';
import { placement, type Camera, type Size } from './camera';
import { differenceWords, drawDifference } from './difference';
import type { MemberFact } from './facts';
import type { Mark } from './reviewCase';
import { textDifference, textDifferenceWords } from './textDifference';

export interface MemberCardProps {
  readonly item: number;
  /** From 1, as on the keyboard. */
  readonly number: number;
  readonly onFocus: () => void;
  readonly onToggle: () => void;
  readonly onOpen: () => void;
  readonly onReveal: () => void;
}

export interface MemberLook {
  readonly detail: ItemDetail | undefined;
  readonly facts: readonly MemberFact[];
  readonly mark: Mark;
  /** Whether the mark is on record, a suggestion, or changed but not recorded. */
  readonly standing: 'recorded' | 'suggested' | 'changed';
  /** Why this is the one to keep, for the suggested keeper. */
  readonly reason: string | undefined;
  readonly focused: boolean;
}

const STANDING_WORDS = { recorded: '', suggested: ' (suggested)', changed: ' (not recorded yet)' } as const;

/** One member of a case: its picture, what is known of it, and whether it stays. */
export class MemberCard {
  readonly element: HTMLElement;
  readonly item: number;
  /** The box in which the picture is seen. */
  readonly view: HTMLElement;
  private readonly image = h('img', { class: 'member-image', attributes: { alt: '', draggable: 'false' } });
  private readonly other = h('img', {
    class: 'member-image member-other',
    attributes: { alt: '', draggable: 'false' },
    hidden: true,
  });
  private readonly overlay = h('canvas', { class: 'member-image member-difference', hidden: true });
  private readonly text = h('div', { class: 'member-text', tabIndex: 0, role: 'region', hidden: true });
  private excerpt: string | undefined;
  private readonly missing: HTMLElement;
  private readonly caption = h('span', { class: 'member-caption', hidden: true });
  private readonly mark: HTMLElement;
  private readonly reason = h('div', { class: 'member-reason' });
  private readonly path: HTMLElement;
  private readonly facts = h('dl', { class: 'member-facts' });
  private detail: ItemDetail | undefined;

  constructor(private readonly props: MemberCardProps) {
    this.item = props.item;
    this.missing = h(
      'div',
      { class: 'member-missing', hidden: true },
      icon('file-media'),
      'No picture: the file is gone or broken.',
    );
    this.view = h(
      'div',
      { class: 'member-view' },
      this.image,
      this.other,
      this.overlay,
      this.text,
      this.missing,
      this.caption,
    );
    this.mark = h('button', { class: 'member-mark', attributes: { type: 'button' }, on: { click: props.onToggle } });
    this.path = h('span', { class: 'member-path ellipsis' });
    this.element = h(
      'section',
      { class: 'member', tabIndex: -1, on: { focusin: props.onFocus, pointerdown: props.onFocus } },
      h('div', { class: 'member-head' }, h('kbd', {}, String(props.number)), this.path, ...this.fileButtons()),
      this.view,
      h('div', { class: 'member-foot' }, this.mark, this.reason),
      this.facts,
    );
  }

  show(look: MemberLook): void {
    const { detail, mark, standing } = look;
    this.detail = detail;
    this.element.dataset['mark'] = mark;
    this.element.dataset['standing'] = standing;
    this.element.classList.toggle('member-focused', look.focused);
    this.element.tabIndex = look.focused ? 0 : -1;
    const path = detail?.path ?? '';
    this.path.textContent = fileName(path);
    this.path.title = path;
    const words = `${mark === 'keep' ? 'Keep' : 'Remove'}${STANDING_WORDS[standing]}`;
    this.element.setAttribute('aria-label', `Member ${this.props.number}: ${path}, ${words}`);
    replaceChildren(this.mark, icon(mark === 'keep' ? 'check' : 'trash'), words);
    this.mark.title = `${mark === 'keep' ? 'Mark for removal' : 'Mark to keep'} (Shift+${this.props.number}, or X when focused)`;
    this.reason.textContent = look.reason ?? '';
    replaceChildren(
      this.facts,
      h('div', { class: 'fact fact-wide' }, h('dt', {}, 'Path'), h('dd', {}, path)),
      ...look.facts.map(factElement),
    );
  }

  /** A picture, or `undefined` when there is none. */
  setPicture(url: string | undefined, onReady: () => void): void {
    this.missing.hidden = url !== undefined;
    this.image.hidden = url === undefined;
    if (url === undefined) return;
    this.image.alt = this.detail?.path ?? `Member ${this.props.number}`;
    this.image.addEventListener('load', onReady, { once: true });
    this.image.src = url;
  }

  /** A text instead of a picture. */
  setText(text: string): void {
    this.excerpt = text;
    this.image.hidden = true;
    this.missing.hidden = true;
    this.text.hidden = false;
    this.text.textContent = text;
    this.text.setAttribute('aria-label', `Text of member ${this.props.number}`);
    // Wheel and drag scroll and select, as in any text; there is nothing to magnify.
    for (const type of ['wheel', 'pointerdown'] as const) {
      this.text.addEventListener(type, (event) => event.stopPropagation(), { passive: true });
    }
  }

  /** The size of the picture itself, known from its facts or else from what was loaded. */
  get pictureSize(): Size {
    if (this.detail && this.detail.width > 0) return this.detail;
    return { width: this.image.naturalWidth || 1, height: this.image.naturalHeight || 1 };
  }

  get loadedImage(): HTMLImageElement | undefined {
    return this.image.naturalWidth > 0 ? this.image : undefined;
  }

  /** Shows the place that the camera looks at. */
  place(camera: Camera): void {
    const box = { width: this.view.clientWidth, height: this.view.clientHeight };
    if (box.width === 0) return;
    const { left, top, width, height } = placement(camera, this.pictureSize, box);
    for (const layer of [this.image, this.other, this.overlay]) {
      layer.style.width = `${width}px`;
      layer.style.height = `${height}px`;
      layer.style.transform = `translate(${left}px, ${top}px)`;
    }
    this.view.classList.toggle('member-pixels', width > 1.5 * this.pictureSize.width);
  }

  /** Shows another member's picture in the place of this one, until it is called with `undefined`. */
  blink(other: MemberCard | undefined): void {
    const source = other?.loadedImage;
    this.other.hidden = source === undefined;
    this.image.classList.toggle('member-behind', source !== undefined);
    this.caption.hidden = source === undefined;
    if (other === undefined || source === undefined) return;
    this.other.src = source.src;
    this.caption.textContent = `Showing member ${other.props.number}`;
  }

  /** Marks where this picture differs from another; `undefined` hides it. Says in words how much. */
  difference(other: MemberCard | undefined): string | undefined {
    if (this.excerpt !== undefined) return this.wordDifference(this.excerpt, other?.excerpt);
    const image = this.loadedImage;
    const against = other?.loadedImage;
    this.overlay.hidden = !image || !against;
    this.caption.hidden = this.overlay.hidden;
    if (!image || !against) return undefined;
    const words = differenceWords(drawDifference(this.overlay, against, image));
    this.caption.textContent = words;
    return words;
  }

  /** Of texts: marks what the other one has not, so that a pair is marked on both sides. */
  wordsMissingIn(other: MemberCard | undefined): void {
    if (this.excerpt !== undefined) this.wordDifference(this.excerpt, other?.excerpt);
  }

  private wordDifference(text: string, other: string | undefined): string | undefined {
    const parts = other === undefined ? undefined : textDifference(text, other);
    this.caption.hidden = other === undefined;
    if (parts === undefined) {
      this.text.textContent = text;
      this.caption.textContent = 'too long to compare';
      return other === undefined ? undefined : 'too long to compare';
    }
    replaceChildren(this.text, ...parts.map((part) => (part.differs ? h('mark', {}, part.text) : part.text)));
    const words = textDifferenceWords(parts);
    this.caption.textContent = words;
    return words;
  }

  private fileButtons(): HTMLElement[] {
    return [
      button({
        label: 'Open the file',
        tip: 'Open the file (O)',
        icon: 'go-to-file',
        kind: 'icon',
        onClick: this.props.onOpen,
      }),
      button({ label: 'Show in the explorer', icon: 'folder-opened', kind: 'icon', onClick: this.props.onReveal }),
    ];
  }
}

function factElement({ name, value, differs }: MemberFact): HTMLElement {
  return h(
    'div',
    {
      class: differs ? 'fact fact-differs' : 'fact',
      attributes: differs ? { title: `The members differ in ${name.toLowerCase()}` } : {},
    },
    h('dt', {}, name),
    h('dd', {}, value, differs && h('span', { class: 'visually-hidden' }, ' (differs)')),
  );
}
