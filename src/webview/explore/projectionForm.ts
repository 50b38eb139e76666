import type { MapDims, ProjectionSettings } from '../../trainer/protocol';
import {
  button,
  dropdown,
  fieldValue,
  h,
  setAria,
  setChoice,
  setChoices,
  setFieldValue,
  textField,
  type Choice,
} from '../shell';
import {
  DENSITY,
  ESSENTIALS,
  readNumber,
  SEED,
  SPREAD,
  SUPERVISION,
  USUAL,
  type NumberSetting,
  type ProjectionKind,
} from './projectionFields';
import type { MapStart } from './mapStart';
import { KIND_HELP, kindChoices, likelyColumns, mapColumns, type MapColumns } from './projectionWords';

type Metric = NonNullable<ProjectionSettings['metric']>;

interface Part {
  readonly element: HTMLElement;
  readonly kinds: readonly ProjectionKind[];
}

interface NumberPart extends Part {
  readonly setting: NumberSetting;
  readonly input: HTMLElement;
  readonly problem: HTMLElement;
}

const BEGINNINGS: readonly (Choice & { readonly value: MapStart })[] = [
  { value: 'shown', label: 'As the map lies now' },
  { value: 'spectral', label: 'Anew: by the neighbours' },
  { value: 'principal', label: 'Anew: the two widest directions' },
];
const DIMENSIONS: readonly Choice[] = [
  { value: '2', label: '2 (flat)' },
  { value: '3', label: '3 (space)' },
];
const DIMENSIONS_HELP =
  'A flat map is seen at one glance. Space has room for more true neighbours, and is turned by dragging.';
const BEGIN_HELP =
  'From the map as it lies, items keep their places as far as they can. Anew, the map can be repeated.';

/** Settings of the projection: what a newcomer may want first, the rest under "More". Nothing happens until "Arrange". */
export class ProjectionForm {
  readonly element: HTMLElement;
  private readonly kind: HTMLElement;
  private readonly kindHelp = h('p', { class: 'muted form-help', attributes: { id: 'projection-kind-help' } });
  private readonly numbers = [...ESSENTIALS, SPREAD, DENSITY, SUPERVISION, SEED].map((setting) => numberPart(setting));
  private readonly dims = dropdown({
    label: 'Dimensions',
    choices: DIMENSIONS,
    value: '2',
    onChange: (dims) => this.change({ dims: Number(dims) as MapDims }),
  });
  private readonly metric: HTMLElement;
  private readonly begin: Part;
  private readonly beginChoice = dropdown({
    label: 'Begins',
    choices: BEGINNINGS,
    value: 'shown',
    onChange: (begin) => (this.beginning = begin as MapStart),
  });
  private beginning: MapStart = 'shown';
  private readonly axes: readonly [HTMLElement, HTMLElement, HTMLElement];
  private readonly depth: HTMLElement;
  private readonly usual = button({
    label: 'Usual settings',
    onClick: () => {
      const { kind, dims } = this.draft;
      this.show({ ...USUAL, kind, ...(dims === 3 ? { dims } : {}) }, 'spectral');
    },
  });
  private readonly columnProblem = problemLine();
  private readonly parts: readonly Part[];
  private readonly more: HTMLDetailsElement;
  private numeric: readonly string[] = [];
  private draft: ProjectionSettings;

  constructor(
    settings: ProjectionSettings,
    private readonly onApply: (settings: ProjectionSettings, begin: MapStart) => void,
  ) {
    this.draft = settings;
    this.kind = dropdown({
      label: 'Kind of map',
      choices: kindChoices([]),
      value: settings.kind,
      onChange: (kind) => this.change({ kind: kind as ProjectionKind }),
    });
    this.kind.setAttribute('aria-describedby', 'projection-kind-help');
    this.metric = dropdown({
      label: 'Similar by',
      choices: [
        { value: 'cosine', label: 'Direction (cosine)' },
        { value: 'euclidean', label: 'Distance (Euclidean)' },
      ],
      value: USUAL.metric,
      onChange: (metric) => this.change({ metric: metric as Metric }),
    });
    this.axes = [this.axis('Across (x)', 0), this.axis('Up (y)', 1), this.axis('Towards you (z)', 2)];
    this.depth = labelled('Towards you (z)', this.axes[2]);
    const columns = this.columnPart();
    const metric = this.metricPart();
    this.begin = { element: labelled('Begins', this.beginChoice, BEGIN_HELP), kinds: ['umap', 'tsne'] };
    this.parts = [...this.numbers, columns, metric, this.begin, { element: this.usual, kinds: ['umap', 'tsne'] }];
    this.more = h('details', { class: 'form-more' }, h('summary', {}, 'More'));
    this.more.append(
      h(
        'div',
        { class: 'form-fields' },
        ...this.elementsOf([SPREAD, DENSITY, SUPERVISION]),
        metric.element,
        this.begin.element,
        ...this.elementsOf([SEED]),
      ),
    );
    this.element = this.assemble(columns.element);
    this.show(settings);
  }

  /** Shows settings instead of what was written. */
  show(settings: ProjectionSettings, begin: MapStart = 'shown'): void {
    this.beginning = begin;
    for (const { setting, input } of this.numbers)
      setFieldValue(input, String(settings[setting.name] ?? USUAL[setting.name]));
    this.tell(new Map());
    this.draft = settings;
    this.change({});
  }

  /** Tells which columns of the dataset's table hold numbers. */
  showColumns(numeric: readonly string[]): void {
    this.numeric = numeric;
    setChoices(this.kind, kindChoices(numeric), this.draft.kind);
    const choices = numeric.map((name) => ({ value: name, label: name }));
    for (const axis of this.axes) setChoices(axis, choices, '');
    this.change({});
  }

  private change(changed: Partial<ProjectionSettings>): void {
    this.draft = { ...this.draft, ...changed };
    const { kind, dims = 2, metric = USUAL.metric } = this.draft;
    setChoice(this.kind, kind);
    setChoice(this.dims, String(dims));
    this.depth.hidden = dims === 2;
    setChoice(this.metric, metric);
    this.offerBeginnings(kind);
    this.kindHelp.textContent = KIND_HELP[kind];
    for (const { element, kinds } of this.parts) element.hidden = !kinds.includes(kind);
    this.more.hidden = kind === 'pca' || kind === 'columns';
    this.columnProblem.hidden = true;
    const columns = this.columns();
    this.axes.forEach((axis, i) => setChoice(axis, columns?.[i] ?? ''));
  }

  /** t-SNE always begins anew along the two widest directions. */
  private offerBeginnings(kind: ProjectionKind): void {
    if (kind === 'tsne' && this.beginning === 'spectral') this.beginning = 'principal';
    const choices = BEGINNINGS.filter(({ value }) => kind !== 'tsne' || value !== 'spectral');
    setChoices(this.beginChoice, choices, this.beginning);
  }

  private columns(): MapColumns | undefined {
    const { columns, dims = 2 } = this.draft;
    if (columns === undefined || columns.length === dims) return columns ?? likelyColumns(this.numeric, dims);
    const [x, y] = columns;
    return dims === 2 ? [x, y] : [x, y, this.numeric.find((name) => name !== x && name !== y) ?? ''];
  }

  private apply(): void {
    const read = this.draft.kind === 'columns' ? this.readColumns() : this.readNumbers();
    if (read) this.onApply({ ...this.draft, ...read }, this.beginning);
  }

  private readColumns(): Pick<ProjectionSettings, 'columns'> | undefined {
    const columns = this.columns();
    const { dims = 2 } = this.draft;
    const sound = columns !== undefined && new Set(columns).size === dims && !columns.includes('');
    this.columnProblem.textContent = `Choose ${dims === 2 ? 'two' : 'three'} different columns.`;
    this.columnProblem.hidden = sound;
    return sound ? { columns } : undefined;
  }

  /** What is written, or `undefined` when something cannot be: then its field says so, and the first such has the focus. */
  private readNumbers(): Partial<ProjectionSettings> | undefined {
    const values: Partial<Record<NumberSetting['name'], number>> = {};
    const problems = new Map<NumberPart, string>();
    for (const part of this.numbers.filter(({ kinds }) => kinds.includes(this.draft.kind))) {
      const read = readNumber(part.setting, fieldValue(part.input));
      if (typeof read === 'string') problems.set(part, read);
      else values[part.setting.name] = read;
    }
    const { minDist = 0, spread = Infinity } = values;
    if (minDist > spread) problems.set(this.part('minDist'), `At most the spread, which is ${spread} (under “More”).`);
    this.tell(problems);
    return problems.size === 0 ? values : undefined;
  }

  private tell(problems: ReadonlyMap<NumberPart, string>): void {
    for (const part of this.numbers) {
      const problem = problems.get(part);
      part.problem.textContent = problem ?? '';
      part.problem.hidden = problem === undefined;
      setAria(part.input, { invalid: problem === undefined ? undefined : 'true' });
    }
    const first = [...problems.keys()].at(0);
    if (first === undefined) return;
    if (this.more.contains(first.element)) this.more.open = true;
    first.input.focus();
  }

  private part(name: NumberSetting['name']): NumberPart {
    return this.numbers.find(({ setting }) => setting.name === name)!;
  }

  private elementsOf(settings: readonly NumberSetting[]): HTMLElement[] {
    return settings.map(({ name }) => this.part(name).element);
  }

  private axis(label: string, index: 0 | 1 | 2): HTMLElement {
    return dropdown({
      label,
      choices: [],
      value: '',
      onChange: (name) => {
        const columns = this.columns() ?? (this.draft.dims === 3 ? ['', '', ''] : ['', '']);
        this.change({ columns: mapColumns(columns.map((column, i) => (i === index ? name : (column ?? '')))) });
      },
    });
  }

  private columnPart(): Part {
    const [x, y] = this.axes;
    const element = h(
      'div',
      { class: 'form-fields' },
      labelled('Across (x)', x),
      labelled('Up (y)', y),
      this.depth,
      this.columnProblem,
    );
    return { element, kinds: ['columns'] };
  }

  private metricPart(): Part {
    const help =
      'Both find the same neighbours here, as all vectors have length 1; distance counts near ones a little less.';
    return { element: labelled('Similar by', this.metric, help), kinds: ['umap', 'tsne'] };
  }

  private assemble(columns: HTMLElement): HTMLElement {
    const apply = button({ label: 'Arrange', kind: 'primary', onClick: () => this.apply() });
    return h(
      'div',
      { class: 'form', on: { keydown: (event) => this.key(event) } },
      h('h2', {}, 'How the map is arranged'),
      h('div', {}, this.kind, this.kindHelp),
      labelled('Dimensions', this.dims, DIMENSIONS_HELP),
      ...this.elementsOf(ESSENTIALS),
      columns,
      this.more,
      h('div', { class: 'form-end' }, this.usual, apply),
    );
  }

  /** Enter in a field arranges. */
  private key(event: KeyboardEvent): void {
    const inField = this.numbers.some(({ input }) => event.composedPath().includes(input));
    if (event.key === 'Enter' && inField) this.apply();
  }
}

function numberPart(setting: NumberSetting): NumberPart {
  const input = textField({ label: setting.label });
  const problem = problemLine();
  return {
    setting,
    kinds: setting.kinds,
    input,
    problem,
    element: labelled(setting.label, input, setting.help, problem),
  };
}

function problemLine(): HTMLElement {
  return h('div', { class: 'form-problem', role: 'alert', hidden: true });
}

function labelled(label: string, control: HTMLElement, help?: string, problem?: HTMLElement): HTMLElement {
  return h(
    'div',
    { class: 'form-field' },
    h('div', { class: 'form-label', aria: { hidden: 'true' } }, label),
    control,
    help !== undefined && h('p', { class: 'muted form-help' }, help),
    problem,
  );
}
