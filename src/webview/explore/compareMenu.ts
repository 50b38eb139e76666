import type { DatasetOverview, ModelId } from '../../trainer/protocol';
import { button, dropdown, h, Popover, setChoices, setPressed, type Choice, type Disposable } from '../shell';
import { canLieLike, type Comparison } from './comparison';
import type { ExploreState } from './exploreState';
import { comparableModels, modelName } from './modelChoices';

export interface CompareListener {
  /** Lays another model's map out like this one. */
  compare(model: ModelId): void;
  train(): void;
}

/** The button beside the choice of a model, and its menu: which other model to lay out like the map that is shown. */
export class CompareMenu implements Disposable {
  readonly element: HTMLElement;
  private readonly menu: Popover;
  private readonly words = h('p', {});
  private readonly remark = h('p', { class: 'muted form-help' });
  private readonly choice: HTMLElement;
  private readonly none: HTMLElement;
  private readonly end: HTMLElement;
  private readonly apply: HTMLElement;
  private chosen: ModelId | undefined;

  constructor(listener: CompareListener) {
    this.none = h(
      'div',
      { class: 'form-fields' },
      h('p', {}, 'There is no other model yet. Train one, and compare it with this.'),
      h(
        'div',
        { class: 'form-end' },
        button({ label: 'Train a model…', kind: 'primary', onClick: () => listener.train() }),
      ),
    );
    this.choice = dropdown({
      label: 'Compare with',
      choices: [],
      value: '',
      onChange: (model) => (this.chosen = model as ModelId),
    });
    this.apply = button({
      label: 'Compare',
      kind: 'primary',
      onClick: () => {
        this.menu.close();
        if (this.chosen !== undefined) listener.compare(this.chosen);
      },
    });
    this.end = h('div', { class: 'form-end' }, this.apply);
    this.element = button({
      label: 'Compare two models',
      icon: 'arrow-swap',
      kind: 'icon',
      tip: 'Compare two models on one map (M)',
      onClick: () => this.menu.toggle(),
    });
    this.menu = new Popover(this.element, 'Compare two models on one map', [this.content()]);
  }

  open(): void {
    this.menu.open();
  }

  /** @param state whose model, or reference while two are compared, another is compared with */
  showChoices(overview: DatasetOverview, { subject, projection, comparison }: ExploreState): void {
    const reference = comparison?.reference ?? { model: subject.model, settings: projection };
    const name = modelName(reference.model, overview.summary.modality);
    const choices = comparableModels(overview, reference.model);
    this.words.textContent = `Lays the same items out by another model, like the map of ${name}: what both see alike keeps its place, and what moves is where they differ.`;
    this.remark.textContent = canLieLike(reference.settings)
      ? ''
      : 'Only UMAP and t-SNE can lie like another map. These two will be shown as they are.';
    this.remark.hidden = this.remark.textContent === '';
    this.chosen = preferred(choices, comparison);
    setChoices(this.choice, choices, this.chosen ?? '');
    for (const part of [this.words, this.choice, this.end]) part.hidden = choices.length === 0;
    this.none.hidden = choices.length > 0;
    setPressed(this.element, comparison !== undefined);
  }

  dispose(): void {
    this.menu.dispose();
  }

  private content(): HTMLElement {
    const title = h('h2', {}, 'Compare two models');
    return h(
      'div',
      { class: 'form-fields compare-menu' },
      title,
      this.words,
      this.none,
      this.choice,
      this.remark,
      this.end,
    );
  }
}

/** What is compared now, or the newest. */
function preferred(choices: readonly Choice[], comparison: Comparison | undefined): ModelId | undefined {
  const kept = choices.find(({ value }) => value === comparison?.other.model) ?? choices.at(0);
  return kept?.value as ModelId | undefined;
}
