import type { Clusters } from '../../trainer/protocol';
import { dropdown, fieldValue, h, setAria, setChoice, setFieldValue, textField } from '../shell';
import {
  COUNT_RANGE,
  FINENESS_CHOICES,
  KIND_CHOICES,
  KIND_HELP,
  type ClusterChoice,
  type ClusterKind,
  type Fineness,
} from './clusterChoice';

/** How clusters are found: in which way, and how fine or how many. A change takes effect at once. */
export class ClusterControls {
  readonly element: HTMLElement;
  private readonly kind: HTMLElement;
  private readonly fineness: HTMLElement;
  private readonly size: HTMLElement;
  private readonly count: HTMLElement;
  private readonly number: HTMLElement;
  private readonly help = h('p', { class: 'muted form-help', attributes: { id: 'cluster-kind-help' } });
  private readonly problem = h('div', { class: 'form-problem', role: 'alert', hidden: true });
  private choice: ClusterChoice | undefined;
  /** How many k-means has found, when the person did not say how many. */
  private found: number | undefined;

  constructor(private readonly onChoose: (choice: ClusterChoice) => void) {
    this.kind = dropdown({
      label: 'What counts as a cluster',
      choices: KIND_CHOICES,
      value: '',
      onChange: (kind) => this.choose({ kind: kind as ClusterKind }),
    });
    this.kind.setAttribute('aria-describedby', 'cluster-kind-help');
    this.fineness = dropdown({
      label: 'How fine',
      choices: FINENESS_CHOICES,
      value: '',
      onChange: (fineness) => this.choose({ fineness: fineness as Fineness }),
    });
    this.count = textField({ label: 'How many', onChange: (text) => this.readCount(text) });
    this.size = row('Size', this.fineness);
    this.number = row('Number', this.count);
    this.element = h(
      'div',
      { class: 'cluster-controls', on: { keydown: (event) => this.key(event) } },
      row('Kind', this.kind),
      this.size,
      this.number,
      this.problem,
      this.help,
    );
  }

  /** @param clusters those of the choice, when they are found */
  show(choice: ClusterChoice, clusters: Clusters | undefined): void {
    const found = clusters?.settings.kind === 'kmeans' ? clusters.settings.count : this.found;
    if (choice === this.choice && found === this.found) return;
    this.choice = choice;
    this.found = found;
    const counts = choice.kind === 'kmeans';
    setChoice(this.kind, choice.kind);
    setChoice(this.fineness, choice.fineness);
    // What is being written is left alone while clusters arrive.
    if (document.activeElement !== this.count) setFieldValue(this.count, String(choice.count ?? found ?? ''));
    this.size.hidden = counts;
    this.number.hidden = !counts;
    this.help.textContent = KIND_HELP[choice.kind];
    this.tell('');
  }

  private choose(change: Partial<ClusterChoice>): void {
    if (this.choice) this.onChoose({ ...this.choice, ...change });
  }

  private readCount(text: string): void {
    const { from, to } = COUNT_RANGE;
    const count = Number(text);
    const sound = text.trim() !== '' && Number.isInteger(count) && count >= from && count <= to;
    this.tell(sound ? '' : `A whole number from ${from} to ${to}.`);
    const shown = this.choice?.count ?? this.found;
    if (sound && count !== shown) this.choose({ count });
  }

  private tell(problem: string): void {
    this.problem.textContent = problem;
    this.problem.hidden = problem === '';
    setAria(this.count, { invalid: problem === '' ? undefined : 'true' });
  }

  /** Enter takes the number; elsewhere in the panel it opens the file. */
  private key(event: KeyboardEvent): void {
    if (event.key !== 'Enter') return;
    event.stopPropagation();
    if (event.composedPath().includes(this.count)) this.readCount(fieldValue(this.count));
  }
}

/** The control says its own name to screen readers. */
function row(label: string, control: HTMLElement): HTMLElement {
  return h(
    'div',
    { class: 'cluster-control' },
    h('span', { class: 'muted', aria: { hidden: 'true' } }, label),
    control,
  );
}
