import { isCancelled } from '../../rpc/errors';
import type { ItemPair, MeasuredProbes } from '../../trainer/protocol';
import {
  formatCount,
  h,
  icon,
  replaceChildren,
  ThumbnailCache,
  thumbnailImage,
  type Disposable,
  type Host,
  type ThumbnailImage,
} from '../shell';
import { ItemNames } from './itemNames';
import type { TrainingSubject } from './trainingPanel';

const SIZE = 96;

/** The pictures behind the numbers: what lies next to a few held-out images at each measure, and the hardest pairs. */
export class ProbesView implements Disposable {
  readonly element = h('div', { class: 'insight', hidden: true });
  private readonly thumbnails: ThumbnailCache;
  private readonly names: ItemNames;
  private readonly list = h('ul', { class: 'probes' });
  private readonly strangers = h('ul', { class: 'pairs' });
  private readonly relatives = h('ul', { class: 'pairs' });
  private readonly when = h('output', { class: 'muted' });
  private readonly slider: HTMLInputElement;
  private measures: readonly MeasuredProbes[] = [];
  /** Follows the newest measure until the person looks at another. */
  private chosen: number | undefined;
  private images: ThumbnailImage[] = [];

  constructor(
    private readonly host: Host,
    private readonly subject: TrainingSubject,
  ) {
    const { dataset } = subject;
    this.thumbnails = new ThumbnailCache((items) => host.call('dataset.thumbnails', { dataset, items, size: SIZE }));
    this.names = new ItemNames(host, dataset);
    this.slider = h('input', {
      id: 'probe-measure',
      attributes: { type: 'range', min: '0', step: '1' },
      on: {
        input: () => {
          const at = Number(this.slider.value);
          this.chosen = at === this.measures.length - 1 ? undefined : at;
          this.draw();
        },
      },
    });
    this.build();
  }

  /** Reads what the measures showed; without it the rest of the page is as good. */
  async load(): Promise<void> {
    const { dataset, run } = this.subject;
    try {
      this.measures = await this.host.call('training.probes', { dataset, run });
      await this.names.ask(this.measures.flatMap(itemsOf));
    } catch (error) {
      if (isCancelled(error)) return;
      const message = `What the measures showed could not be read: ${String(error)}`;
      await this.host.call('panel.log', { level: 'error', message }).catch(() => undefined);
    }
    this.draw();
  }

  dispose(): void {
    this.release();
    this.thumbnails.dispose();
  }

  private build(): void {
    const pairs = (title: string, help: string, list: HTMLElement): HTMLElement =>
      h(
        'section',
        { class: 'hardest', aria: { label: title } },
        h('h2', {}, title),
        h('p', { class: 'chart-help muted' }, help),
        list,
      );
    replaceChildren(
      this.element,
      h(
        'section',
        { aria: { label: 'Probe items' } },
        h('h2', {}, 'Probe items and their nearest neighbours'),
        h(
          'p',
          { class: 'chart-help muted' },
          'Held-out items, the same at every measure. A tick: of the same class. A cross: of another. “New”: was not among the nearest at the measure before.',
        ),
        h(
          'div',
          { class: 'probe-when' },
          h('label', { attributes: { for: 'probe-measure' } }, 'Measure'),
          this.slider,
          this.when,
        ),
        this.list,
      ),
      pairs(
        'Nearest of different classes',
        'What the model confuses most now: look-alikes, duplicates, or wrong labels.',
        this.strangers,
      ),
      pairs(
        'Farthest of the same class',
        'What it does not see as alike yet: variety, or wrong labels.',
        this.relatives,
      ),
    );
  }

  private draw(): void {
    const at = Math.min(this.chosen ?? Infinity, this.measures.length - 1);
    this.element.hidden = at < 0;
    if (at < 0) return;
    const now = this.measures[at];
    this.slider.max = String(this.measures.length - 1);
    this.slider.value = String(at);
    const words = `step ${formatCount(now.step)}, ${at + 1} of ${this.measures.length}`;
    this.slider.setAttribute('aria-valuetext', words);
    this.when.textContent = words;
    const focused = document.activeElement?.closest('.insight')
      ? document.activeElement.getAttribute('data-place')
      : null;
    this.release();
    const before =
      at > 0 ? new Map(this.measures[at - 1].probes.map(({ item, neighbours }) => [item, neighbours])) : undefined;
    replaceChildren(
      this.list,
      ...now.probes.map(({ item, neighbours }, row) => {
        const known = before?.get(item);
        const isNew = (pair: ItemPair): boolean => known !== undefined && !known.some(({ b }) => b === pair.b);
        return h(
          'li',
          {},
          this.picture(item, `probe-${row}`, 'Probe'),
          h('span', { class: 'codicon codicon-arrow-right', aria: { hidden: 'true' } }),
          h('ol', {}, ...neighbours.map((pair, i) => this.neighbour(pair, `probe-${row}-${i}`, isNew(pair)))),
        );
      }),
    );
    replaceChildren(this.strangers, ...now.strangers.map((pair, i) => this.pair(pair, `stranger-${i}`)));
    replaceChildren(this.relatives, ...now.relatives.map((pair, i) => this.pair(pair, `relative-${i}`)));
    if (focused !== null) this.element.querySelector<HTMLElement>(`[data-place="${focused}"]`)?.focus();
  }

  private neighbour(pair: ItemPair, place: string, isNew: boolean): HTMLElement {
    const kind = pair.isSame ? 'Same class' : 'Another class';
    return h(
      'li',
      { class: pair.isSame ? 'same' : 'other' },
      this.picture(pair.b, place, `${kind}, similarity ${pair.similarity.toFixed(2)}${isNew ? ', new' : ''}`),
      h('span', { class: 'probe-mark' }, icon(pair.isSame ? 'check' : 'close'), isNew && 'New'),
    );
  }

  private pair({ a, b, similarity }: ItemPair, place: string): HTMLElement {
    return h(
      'li',
      {},
      this.picture(a, `${place}-a`, 'First'),
      this.picture(b, `${place}-b`, 'Second'),
      h(
        'span',
        { class: 'muted', attributes: { title: 'Cosine similarity of the two embeddings' } },
        similarity.toFixed(2),
      ),
    );
  }

  private picture(item: number, place: string, words: string): HTMLElement {
    const name = this.names.of(item);
    const image = thumbnailImage(this.thumbnails, item, '');
    this.images.push(image);
    return h(
      'button',
      {
        class: 'plain probe-picture',
        data: { place },
        attributes: { title: `${name}\n${words}`, type: 'button' },
        aria: { label: `${words}: ${name}` },
        on: { click: () => void this.host.call('panel.openItem', { item }).catch(() => undefined) },
      },
      image.element,
    );
  }

  private release(): void {
    for (const image of this.images.splice(0)) image.release();
  }
}

function itemsOf({ probes, strangers, relatives }: MeasuredProbes): number[] {
  const pairs = [...probes.flatMap(({ neighbours }) => neighbours), ...strangers, ...relatives];
  return [...probes.map(({ item }) => item), ...pairs.flatMap(({ a, b }) => [a, b])];
}
