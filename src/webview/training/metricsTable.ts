import type { TrainingMetrics } from '../../trainer/protocol';
import { formatCount, h, replaceChildren } from '../shell';
import { recallWords } from './headline';
import { tableRows } from './tableRows';

/** The curve in rows, for those who do not see the charts, and for copying. Made only while it is open. */
export class MetricsTable {
  readonly element: HTMLDetailsElement;
  private readonly body = h('tbody', {});
  private points: readonly TrainingMetrics[] = [];

  constructor() {
    const names = ['Step', 'Loss', 'Active share', 'Recall@1', 'Images a second'];
    this.element = h(
      'details',
      { class: 'metrics', on: { toggle: () => this.draw() } },
      h('summary', {}, 'Show as a table'),
      h(
        'div',
        { class: 'metrics-scroll', tabIndex: 0, role: 'region', aria: { label: 'Training curve as a table' } },
        h(
          'table',
          {},
          h('caption', { class: 'visually-hidden' }, 'Training curve'),
          h('thead', {}, h('tr', {}, ...names.map((name) => h('th', { attributes: { scope: 'col' } }, name)))),
          this.body,
        ),
      ),
    );
  }

  show(points: readonly TrainingMetrics[]): void {
    this.points = points;
    this.draw();
  }

  private draw(): void {
    if (!this.element.open) return;
    replaceChildren(this.body, ...tableRows(this.points).map(rowElement));
  }
}

function rowElement({ step, loss, activeShare, recallAt1, imagesPerSecond }: TrainingMetrics): HTMLElement {
  const cells = [
    formatCount(step),
    Number.isFinite(loss) ? loss.toFixed(4) : 'not a number',
    `${(activeShare * 100).toFixed(1)}%`,
    recallAt1 === undefined ? '' : recallWords(recallAt1),
    formatCount(Math.round(imagesPerSecond)),
  ];
  return h('tr', {}, ...cells.map((cell) => h('td', {}, cell)));
}
