import { isCancelled } from '../../rpc/errors';
import type {
  EmbeddingSummary,
  LabelColumn,
  PresetWish,
  RunSummary,
  SettingsProblem,
  TrainingSettings,
} from '../../trainer/protocol';
import {
  announce,
  button,
  errorState,
  h,
  loadingState,
  replaceChildren,
  setDisabled,
  type Disposable,
  type Host,
} from '../shell';
import { Notice } from '../shell/notice';
import { withValue, type Draft } from './draft';
import { FormFields } from './formFields';
import { presetChoices, trainingFields, type Field } from './formSchema';
import type { TrainingSubject } from './trainingPanel';
import { unusedSettings } from './unusedSettings';

/** The person is still typing. */
const CHECK_MS = 200;

/** What most people change; everything else is folded away. */
const FIRST = ['supervision', 'pairs', 'features', 'loss', 'model', 'imageSize', 'embeddingSize', 'budget', 'name'];

/** The form of a new training: filled with what is suggested, or with the settings of a run. */
export class FormPage implements Disposable {
  readonly element = h('div', { class: 'form-page' });
  private readonly notice = new Notice();
  private readonly leftOut = h('p', { class: 'muted', role: 'status' });
  private readonly summary = h('p', { class: 'form-summary', role: 'status' });
  /** A problem may be far from where the person is. */
  private readonly showProblem = button({ label: 'Show it', onClick: () => this.fields.focusProblem() });
  private readonly start: HTMLElement;
  private readonly save: HTMLElement;
  private fields = this.newFields();
  private draft: Draft = {};
  private runs: readonly RunSummary[] = [];
  private columns: readonly LabelColumn[] = [];
  private embeddings: readonly string[] = [];
  private timer: number | undefined;
  private asked = 0;

  /** @param from the run whose settings it begins with; empty for what is suggested */
  constructor(
    private readonly host: Host,
    private readonly subject: TrainingSubject,
    private readonly from: string,
  ) {
    this.start = button({ label: 'Start training', icon: 'rocket', kind: 'primary', onClick: () => void this.begin() });
    this.save = button({
      label: 'Save as kindred.json',
      icon: 'save',
      tip: 'Settings that travel with the dataset; every later training begins with them',
      onClick: () => void this.write(),
    });
  }

  async load(): Promise<void> {
    replaceChildren(this.element, loadingState('Choosing settings for this dataset'));
    try {
      const { dataset } = this.subject;
      const [{ runs, embeddings }, columns] = await Promise.all([
        this.host.call('dataset.overview', { dataset }),
        this.host.call('dataset.labelColumns', { dataset }),
      ]);
      this.runs = runs;
      this.columns = columns;
      this.embeddings = featureNames(runs, embeddings);
      await this.beginWith(runs.some(({ name }) => name === this.from) ? `run:${this.from}` : '');
    } catch (error) {
      const again = { label: 'Try again', kind: 'primary', onClick: () => void this.load() } as const;
      replaceChildren(this.element, errorState(error, [again]));
    }
  }

  dispose(): void {
    window.clearTimeout(this.timer);
    replaceChildren(this.element);
  }

  /** @param source empty for what is suggested, or `run:` and a run, or `preset:` and a preset */
  private async beginWith(source: string): Promise<void> {
    const { dataset } = this.subject;
    const run = this.runs.find(({ name }) => source === `run:${name}`);
    const preset = source.startsWith('preset:') ? (source.slice('preset:'.length) as PresetWish) : undefined;
    const { settings, reasons } = run
      ? { settings: run.settings, reasons: [`As the run ${run.name} was trained.`] }
      : await this.host.call('training.suggest', { dataset, ...(preset === undefined ? {} : { preset }) });
    this.draft = { ...settings, name: '' };
    this.build(source, reasons);
  }

  private build(source: string, reasons: readonly string[]): void {
    this.fields = this.newFields();
    const all = trainingFields();
    const first = FIRST.flatMap((key) => all.find((field) => field.key === key) ?? []);
    const augmentation = all.filter(({ key }) => key === 'augmentation');
    const rest = all.filter((field) => !first.includes(field) && !augmentation.includes(field));
    replaceChildren(
      this.element,
      h(
        'form',
        {
          class: 'form',
          aria: { label: 'New training' },
          on: {
            // A form of several fields without a button of its own is not submitted by Enter.
            keydown: (event) => {
              if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
              event.preventDefault();
              void this.begin();
            },
          },
        },
        this.startingPoint(source, reasons),
        ...first.map((field) => this.fields.element(field)),
        this.leftOut,
        this.fields.owned('augmentation', this.folded('Augmentation: how items are varied', augmentation)),
        this.folded('More settings', rest),
        this.notice.element,
        h('div', { class: 'form-end' }, this.start, this.save, this.summary, this.showProblem),
      ),
    );
    this.leaveOut();
    void this.check();
  }

  private leaveOut(): void {
    const { keys, why } = unusedSettings(this.draft);
    this.fields.leaveOut(keys);
    this.leftOut.hidden = why === '';
    if (this.leftOut.textContent !== why) this.leftOut.textContent = why;
  }

  private folded(title: string, fields: readonly Field[]): HTMLElement {
    return h(
      'details',
      { class: 'form-more' },
      h('summary', {}, title),
      ...fields
        .flatMap((field) => (field.kind === 'group' && fields.length === 1 ? field.fields : [field]))
        .map((field) => this.fields.element(field)),
    );
  }

  private startingPoint(source: string, reasons: readonly string[]): HTMLElement {
    const option = (value: string, label: string, title = ''): HTMLElement =>
      h('option', { attributes: { value, title } }, label);
    const input = h(
      'select',
      { id: 'setting-from', on: { change: () => void this.beginAgain(input.value) } },
      option('', 'Suggested for this dataset'),
      h(
        'optgroup',
        { attributes: { label: 'Presets' } },
        ...presetChoices().map(({ value, label, help }) => option(`preset:${value}`, label, help)),
      ),
      this.runs.length > 0 &&
        h(
          'optgroup',
          { attributes: { label: 'Settings of a run' } },
          ...[...this.runs].reverse().map(({ name }) => option(`run:${name}`, name)),
        ),
    );
    input.value = source;
    return h(
      'div',
      { class: 'field form-from' },
      h('label', { attributes: { for: 'setting-from' } }, 'Begin with'),
      h('div', { class: 'field-input' }, input),
      h('ul', { class: 'form-reasons muted' }, ...reasons.map((reason) => h('li', {}, reason))),
    );
  }

  private async beginAgain(source: string): Promise<void> {
    await this.tried('These settings could not be read.', () => this.beginWith(source));
    this.element.querySelector<HTMLElement>('#setting-from')?.focus();
  }

  private newFields(): FormFields {
    return new FormFields({
      draft: () => this.draft,
      columns: () => this.columns,
      embeddings: () => this.embeddings,
      onChange: (key, value) => {
        this.draft = withValue(this.draft, key, value);
        this.leaveOut();
        window.clearTimeout(this.timer);
        this.timer = window.setTimeout(() => void this.check(), CHECK_MS);
      },
    });
  }

  /** By the trainer's own rules. Gives whether the settings can be trained with. */
  private async check(): Promise<boolean> {
    const turn = ++this.asked;
    const { dataset } = this.subject;
    let problems: readonly SettingsProblem[];
    try {
      problems = await this.host.call('training.check', { dataset, settings: this.draft });
    } catch (error) {
      if (!isCancelled(error)) this.notice.error(error, 'The settings could not be checked.');
      return false;
    }
    // A later check has its own answer.
    if (turn !== this.asked) return false;
    const homeless = this.fields.show(problems);
    const count = problems.length;
    const words = count === 1 ? '1 setting needs a change.' : `${count} settings need a change.`;
    this.summary.textContent = count === 0 ? '' : [words, ...homeless.map(({ message }) => message)].join(' ');
    this.showProblem.hidden = count === homeless.length;
    for (const action of [this.start, this.save]) setDisabled(action, count > 0);
    return count === 0;
  }

  private async begin(): Promise<void> {
    window.clearTimeout(this.timer);
    if (!(await this.check())) {
      this.fields.focusProblem();
      return;
    }
    await this.tried('The training could not be started.', async () => {
      await this.host.call('panel.command', { command: 'kindred.train', settings: this.settings() });
      announce('The training begins.');
    });
  }

  private async write(): Promise<void> {
    if (!(await this.check())) return;
    await this.tried('kindred.json could not be written.', async () => {
      const written = await this.host.call('training.save', { settings: this.settings() });
      if (written) this.notice.show('info', 'Saved as kindred.json. Later trainings of this dataset begin with it.');
    });
  }

  private async tried(before: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isCancelled(error)) this.notice.error(error, before);
    }
  }

  /** The trainer has found nothing wrong with them. */
  private settings(): TrainingSettings {
    return this.draft as unknown as TrainingSettings;
  }
}

/** What a head can be trained on: what is always there, what is imported, and what runs have learned. */
function featureNames(runs: readonly RunSummary[], embeddings: readonly EmbeddingSummary[]): string[] {
  const known = embeddings.map(({ model }) => model).filter((model) => model.startsWith('vectors:'));
  const learned = runs.filter(({ best }) => best !== undefined).map(({ name }) => `run:${name}`);
  return [...new Set(['descriptor', 'pixels', ...known, ...learned])];
}
