import type { Suspect } from '../../trainer/protocol';
import { h, replaceChildren, thumbnailImage, type ThumbnailCache, type ThumbnailImage } from '../shell';
import { stateWords, suspectWords } from './suspectWords';
import type { SuspectsModel } from './suspectsModel';

export interface SuspectViewProps {
  readonly model: SuspectsModel;
  /** Large enough to look at. */
  readonly previews: ThumbnailCache;
  readonly thumbnails: ThumbnailCache;
}

/** The suspect between those that have its label and those that it looks like. */
export class SuspectView {
  readonly element: HTMLElement;
  private readonly head = h('div', { class: 'case-head' });
  private readonly stage = h('div', { class: 'suspect-stage' });
  private pictures: ThumbnailImage[] = [];
  private shown: Suspect | undefined;

  constructor(private readonly props: SuspectViewProps) {
    this.element = h('div', { class: 'suspect-view' }, this.head, this.stage);
  }

  update(): void {
    const { model } = this.props;
    const { suspect } = model;
    if (suspect === undefined) return;
    replaceChildren(
      this.head,
      h('h2', { class: 'case-title' }, suspectWords(model, model.current).split(',')[0]),
      h('span', { class: 'muted ellipsis' }, suspect.path),
      h('span', { class: 'muted' }, `${suspect.angle.toFixed(0)}° from the centre of its label`),
      h('span', { class: 'spacer' }),
      h('span', { class: `case-state case-state-${model.stateOf(suspect.item)}` }, stateWords(model, suspect.item)),
    );
    if (suspect !== this.shown) this.showSuspect(suspect);
  }

  release(): void {
    for (const picture of this.pictures.splice(0)) picture.release();
  }

  private showSuspect(suspect: Suspect): void {
    this.release();
    this.shown = suspect;
    const { label, nearestLabel } = suspect;
    replaceChildren(
      this.stage,
      h(
        'figure',
        { class: 'suspect-picture' },
        this.picture(this.props.previews, suspect.item, `The suspect, ${suspect.path}`),
        h('figcaption', {}, 'Labelled ', h('strong', {}, label)),
      ),
      this.exemplars('1', `Others labelled "${label}"`, label),
      nearestLabel === label
        ? h(
            'p',
            { class: 'suspect-examples muted' },
            'It is far from all labels, and nearer to no other than to its own.',
          )
        : this.exemplars('2', `Looks like "${nearestLabel}"`, nearestLabel),
    );
  }

  private exemplars(key: string, title: string, label: string): HTMLElement {
    const items = this.props.model.list.exemplars[label] ?? [];
    return h(
      'section',
      { class: 'suspect-examples', aria: { label: title } },
      h('h3', {}, h('kbd', {}, key), ` ${title}`),
      items.length === 0
        ? h('p', { class: 'muted' }, 'The run named no typical items of this label; train again to get some.')
        : h(
            'div',
            { class: 'suspect-grid' },
            ...items.map((item, at) => this.picture(this.props.thumbnails, item, `${label}, example ${at + 1}`)),
          ),
    );
  }

  private picture(cache: ThumbnailCache, item: number, alt: string): HTMLElement {
    const picture = thumbnailImage(cache, item, alt);
    this.pictures.push(picture);
    return picture.element;
  }
}
