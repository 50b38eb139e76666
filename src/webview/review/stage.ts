import type { Modality } from '../../trainer/protocol';
import type { Disposable, ThumbnailCache } from '../shell';
import { h, replaceChildren, button } from '../shell';
import { FITTED, zoomAt, type Camera } from './camera';
import type { DetailStore } from './detailStore';
import { memberFacts } from './facts';
import { keeperReason } from './keeperReason';
import { MemberCard } from './memberCard';
import { bindPointerCamera } from './pointerCamera';
import type { ReviewCase } from './reviewCase';
import type { ReviewModel } from './reviewModel';

/** Cards made at once; a group of thousands of equal pictures must not stop the panel. */
const PAGE = 48;

export interface StageProps {
  readonly model: ReviewModel;
  readonly details: DetailStore;
  /** Pictures large enough to compare. */
  readonly previews: ThumbnailCache;
  /** Pictures at full size, for zooming in. */
  readonly originals: ThumbnailCache;
  readonly open: (item: number) => void;
  readonly reveal: (item: number) => void;
  readonly say: (text: string) => void;
}

/** Longest side of the pictures of `previews`, and of `originals`. */
export const PREVIEW_SIZE = 1024;
export const ORIGINAL_SIZE = 4096;

/** The members of the current case side by side, looked at through one camera. */
export class Stage implements Disposable {
  readonly element: HTMLElement;
  private readonly members = h('div', { class: 'members' });
  private readonly observer = new ResizeObserver(() => this.place());
  private cards: MemberCard[] = [];
  private releases: (() => void)[] = [];
  private shown: ReviewCase | undefined;
  private camera: Camera = FITTED;
  private blinking: MemberCard | undefined;
  private sharpened = new Set<number>();
  differenceShown = false;
  private modality: Modality = 'image';

  constructor(private readonly props: StageProps) {
    this.element = h('div', { class: 'stage' }, this.members);
    this.observer.observe(this.element);
  }

  update(): void {
    const reviewCase = this.props.model.currentCase;
    if (reviewCase !== this.shown) this.showCase(reviewCase);
    this.showLooks();
  }

  /** Moves the keyboard's focus to the focused member. */
  focus(): void {
    this.focusedCard?.element.focus();
  }

  zoom(direction: -1 | 0 | 1): void {
    const card = this.focusedCard ?? this.cards.at(0);
    if (!card) return;
    if (direction === 0) {
      this.setCamera(FITTED);
      return;
    }
    const box = { width: card.view.clientWidth, height: card.view.clientHeight };
    const middle = { x: box.width / 2, y: box.height / 2 };
    this.setCamera(zoomAt(this.camera, direction > 0 ? 1.5 : 1 / 1.5, middle, card.pictureSize, box));
  }

  /** Shows the reference in the place of the focused member while `on`. */
  blink(on: boolean): void {
    this.blinking?.blink(undefined);
    this.blinking = undefined;
    if (!on) {
      if (this.differenceShown) this.showDifference();
      return;
    }
    const card = this.focusedCard;
    const other = card && this.referenceOf(card);
    if (!card || !other) return;
    card.difference(undefined);
    card.blink(other);
    this.blinking = card;
  }

  /** Of texts it is shown at once where they differ, which nobody sees by reading. */
  setModality(modality: Modality): void {
    if (modality === this.modality) return;
    this.modality = modality;
    this.differenceShown = modality === 'text';
  }

  toggleDifference(): void {
    this.differenceShown = !this.differenceShown;
    const words = this.showDifference();
    this.props.say(this.differenceShown ? `Differences from member 1: ${words}.` : 'Differences hidden.');
  }

  dispose(): void {
    this.observer.disconnect();
    this.release();
  }

  private get focusedCard(): MemberCard | undefined {
    return this.cards.at(this.props.model.focused);
  }

  /** The picture that a member is compared with: the first one, which is the suggested keeper; for it, the second. */
  private referenceOf(card: MemberCard): MemberCard | undefined {
    return this.cards.find((other) => other !== card);
  }

  private showCase(reviewCase: ReviewCase | undefined): void {
    this.release();
    this.shown = reviewCase;
    this.camera = FITTED;
    this.sharpened = new Set();
    this.element.scrollTop = 0;
    replaceChildren(this.members);
    if (!reviewCase) return;
    this.members.dataset['count'] = String(Math.min(7, reviewCase.items.length));
    this.addCards(reviewCase, PAGE);
    void this.props.details.load(reviewCase.items).then(() => {
      if (this.shown !== reviewCase) return;
      this.showLooks();
      this.place();
    });
  }

  private addCards(reviewCase: ReviewCase, upTo: number): void {
    for (let member = this.cards.length; member < Math.min(upTo, reviewCase.items.length); member++) {
      this.addCard(reviewCase.items[member], member);
    }
    this.members.querySelector('.members-more')?.remove();
    const rest = reviewCase.items.length - this.cards.length;
    if (rest <= 0) return;
    const more = button({
      label: `Show ${Math.min(rest, PAGE)} more of ${rest}`,
      onClick: () => {
        this.addCards(reviewCase, this.cards.length + PAGE);
        this.showLooks();
      },
    });
    more.classList.add('members-more');
    this.members.append(more);
  }

  private addCard(item: number, member: number): void {
    const { model, open, reveal } = this.props;
    const card = new MemberCard({
      item,
      number: member + 1,
      onFocus: () => {
        if (model.focused !== member) model.focus(member);
      },
      onToggle: () => model.toggle(member),
      onOpen: () => open(item),
      onReveal: () => reveal(item),
    });
    bindPointerCamera(
      card,
      () => this.camera,
      (camera) => this.setCamera(camera),
    );
    this.members.append(card.element);
    this.cards.push(card);
    this.releases.push(
      this.props.previews.request(item, (url, excerpt) => {
        const ready = (): void => {
          card.place(this.camera);
          if (this.differenceShown) this.showDifference();
        };
        if (excerpt === undefined) card.setPicture(url, ready);
        else {
          card.setText(excerpt);
          ready();
        }
      }),
    );
  }

  private showLooks(): void {
    const reviewCase = this.shown;
    if (!reviewCase) return;
    const { model, details } = this.props;
    const found = reviewCase.items.map((item) => details.get(item));
    const facts = memberFacts(reviewCase, found, this.modality);
    const { marks, touched } = model.marks;
    const keeper = details.get(reviewCase.suggestedKeep);
    const others = found.filter((detail) => detail !== undefined && detail !== keeper) as NonNullable<typeof keeper>[];
    this.cards.forEach((card, member) => {
      const mark = marks.get(card.item) ?? 'keep';
      const recorded = model.ledger.markOf(card.item) === mark && !touched;
      card.show({
        detail: found[member],
        facts: facts[member] ?? [],
        mark,
        standing: recorded ? 'recorded' : touched ? 'changed' : 'suggested',
        reason:
          card.item === keeper?.item
            ? `Suggested keeper: ${keeperReason(keeper, others, model.ledger.markOf(keeper.item) === 'keep', this.modality)}`
            : undefined,
        focused: member === model.focused,
      });
    });
    const focused = this.focusedCard;
    if (focused && this.element.scrollHeight > this.element.clientHeight)
      focused.element.scrollIntoView({ block: 'nearest' });
  }

  private setCamera(camera: Camera): void {
    this.camera = camera;
    this.place();
    this.sharpen();
  }

  private place(): void {
    for (const card of this.cards) card.place(this.camera);
    this.element.classList.toggle('stage-zoomed', this.camera.scale > 1);
  }

  /** Asks for the pictures at full size once the previews are stretched. */
  private sharpen(): void {
    for (const card of this.cards) {
      const { width, height } = card.pictureSize;
      const stretched = this.camera.scale * card.view.clientWidth > PREVIEW_SIZE;
      if (!stretched || Math.max(width, height) <= PREVIEW_SIZE || this.sharpened.has(card.item)) continue;
      this.sharpened.add(card.item);
      this.releases.push(
        this.props.originals.request(card.item, (url) => {
          if (url !== undefined) card.setPicture(url, () => card.place(this.camera));
        }),
      );
    }
  }

  private showDifference(): string {
    const [reference, ...others] = this.cards;
    this.cards.at(0)?.wordsMissingIn(this.differenceShown ? others.at(0) : undefined);
    const words = others.map((card, i) => {
      const said = card.difference(this.differenceShown ? reference : undefined);
      return `member ${i + 2}, ${said ?? `no ${this.modality === 'text' ? 'text' : 'picture'}`}`;
    });
    return words.join('; ');
  }

  private release(): void {
    for (const release of this.releases.splice(0)) release();
    this.cards = [];
    this.blinking = undefined;
  }
}
