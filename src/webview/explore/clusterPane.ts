import type { Cluster, Clusters } from '../../trainer/protocol';
import {
  cssColour,
  emptyState,
  errorState,
  formatItems,
  formatShare,
  h,
  loadingState,
  replaceChildren,
  thumbnailImage,
  type Colour,
  type ThumbnailCache,
  type ThumbnailImage,
} from '../shell';
import type { ClusterChoice } from './clusterChoice';
import { ClusterControls } from './clusterControls';

/** Whole clusters that are listed; more cannot be taken in. */
const MOST = 100;
const EXAMPLES = 4;

export interface ClusterListener {
  /** Selects the items of a cluster; -1: those in none. */
  select(cluster: number): void;
  /** Finds them in another way. */
  choose(choice: ClusterChoice): void;
  again(): void;
}

/** What there is to show of the clusters. */
export type ClusterContent =
  | { readonly kind: 'found'; readonly clusters: Clusters }
  /** The map is not there yet. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'finding' }
  /** The person stopped it. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly error: unknown };

interface Shown {
  readonly content: ClusterContent;
  readonly choice: ClusterChoice;
  readonly colours: readonly Colour[];
  /** The cluster whose items are selected, `undefined` for none. */
  readonly chosen: number | undefined;
}

/** How clusters are found, and all of them: name, size, how pure, what tells it apart, and examples. A click selects the items of one, and lists its parts. */
export class ClusterPane {
  readonly element: HTMLElement;
  private readonly title = h('h2', { class: 'ellipsis' });
  private readonly list = h('div', { class: 'cluster-list', role: 'list', aria: { label: 'Clusters' } });
  private readonly controls: ClusterControls;
  private images: ThumbnailImage[] = [];
  private shown: readonly unknown[] = [];

  constructor(
    private readonly thumbnails: ThumbnailCache,
    private readonly listener: ClusterListener,
  ) {
    this.controls = new ClusterControls((choice) => listener.choose(choice));
    this.element = h(
      'div',
      { class: 'clusters' },
      h('div', { class: 'item-header' }, this.title),
      this.controls.element,
      this.list,
    );
  }

  show({ content, choice, colours, chosen }: Shown): void {
    const clusters = content.kind === 'found' ? content.clusters : undefined;
    this.controls.show(choice, clusters);
    const about =
      content.kind === 'found' ? content.clusters : content.kind === 'failed' ? content.error : content.kind;
    const shown = [about, choice, colours, chosen];
    if (shown.every((value, i) => value === this.shown[i])) return;
    this.shown = shown;
    const focused =
      document.activeElement instanceof HTMLElement ? document.activeElement.dataset['cluster'] : undefined;
    for (const image of this.images) image.release();
    this.images = [];
    const whole = clusters?.clusters.filter(({ parent }) => parent < 0) ?? [];
    this.title.textContent = clusters ? formatItems(whole.length, 'cluster') : 'Clusters';
    replaceChildren(this.list, ...(clusters ? this.rows(clusters, whole, colours, chosen) : [this.remark(content)]));
    this.list.setAttribute('role', whole.length > 0 ? 'list' : 'group');
    if (focused !== undefined) this.list.querySelector<HTMLElement>(`[data-cluster="${focused}"]`)?.focus();
  }

  /** What stands in the place of the clusters. */
  private remark(content: ClusterContent): HTMLElement {
    const again = { label: 'Try again', kind: 'primary', onClick: () => this.listener.again() } as const;
    if (content.kind === 'failed') return errorState(content.error, [again]);
    if (content.kind === 'stopped')
      return emptyState({ title: 'Stopped', icon: 'debug-stop', actions: [{ ...again, label: 'Find the clusters' }] });
    if (content.kind === 'waiting') return loadingState('They are found as soon as the map is there.');
    return loadingState('Finding clusters…');
  }

  private rows(
    { clusters, noise }: Clusters,
    whole: readonly Cluster[],
    colours: readonly Colour[],
    chosen: number | undefined,
  ): HTMLElement[] {
    if (whole.length === 0)
      return [
        emptyState({
          title: 'No clusters',
          text: 'No group of items stands out. Another way, finer clusters, or a trained model often find some.',
          icon: 'group-by-ref-type',
        }),
      ];
    const open = new Set<number>();
    for (let id = chosen ?? -1; id >= 0; id = clusters[id].parent) open.add(id);
    const rows: HTMLElement[] = [];
    const add = (cluster: Cluster): void => {
      rows.push(this.row(cluster, colours[cluster.id], cluster.id === chosen));
      if (open.has(cluster.id)) for (const part of clusters) if (part.parent === cluster.id) add(part);
    };
    whole.slice(0, MOST).forEach(add);
    if (whole.length > MOST)
      rows.push(h('p', { class: 'muted' }, `${whole.length - MOST} smaller ones are on the map only.`));
    if (noise > 0) rows.push(this.noiseRow(noise, chosen === -1));
    return rows;
  }

  private row(cluster: Cluster, colour: Colour | undefined, isChosen: boolean): HTMLElement {
    const { id, name, size, label, words, exemplars, depth } = cluster;
    const swatch = h('span', { class: 'swatch', aria: { hidden: 'true' } });
    if (colour) swatch.style.backgroundColor = cssColour(colour);
    const pictures = exemplars.slice(0, EXAMPLES).map((item) => {
      const image = thumbnailImage(this.thumbnails, item, '');
      this.images.push(image);
      return image.element;
    });
    const facts = [formatItems(size, 'item')];
    if (label) facts.push(`${formatShare(label.purity, 0)} ${label.name}`);
    const button = this.button(id, isChosen, [
      h('span', { class: 'cluster-line' }, colour && swatch, h('span', { class: 'ellipsis cluster-name' }, name)),
      h('span', { class: 'muted cluster-facts' }, facts.join(' · ')),
      words.length > 0 && h('span', { class: 'muted ellipsis cluster-words' }, words.join(', ')),
      h('span', { class: 'cluster-pictures' }, ...pictures),
    ]);
    button.classList.add(`cluster-depth-${depth}`);
    return h('div', { role: 'listitem' }, button);
  }

  private noiseRow(noise: number, isChosen: boolean): HTMLElement {
    const text = h('span', { class: 'cluster-line' }, 'In no cluster');
    const facts = h('span', { class: 'muted cluster-facts' }, formatItems(noise, 'item'));
    return h('div', { role: 'listitem' }, this.button(-1, isChosen, [text, facts]));
  }

  private button(id: number, isChosen: boolean, content: readonly (HTMLElement | false | undefined)[]): HTMLElement {
    return h(
      'button',
      {
        class: 'plain cluster',
        aria: { pressed: String(isChosen) },
        data: { cluster: String(id) },
        on: {
          click: () => this.listener.select(id),
          // Elsewhere in the panel Enter opens the file.
          keydown: (event) => event.key === 'Enter' && event.stopPropagation(),
        },
      },
      ...content,
    );
  }
}
