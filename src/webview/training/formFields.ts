import type { LabelColumn, SettingsProblem } from '../../trainer/protocol';
import { h, replaceChildren } from '../shell';
import { columnBoxes, nameList } from './columnFields';
import { isGroup, numberOrText, valueAt, type Draft } from './draft';
import type { Field, NamedHelp, Variant } from './formSchema';
import { partsRows } from './partsField';

export interface FieldProps {
  readonly draft: () => Draft;
  readonly onChange: (key: string, value: unknown) => void;
  /** Of the dataset, that look like labels. */
  readonly columns: () => readonly LabelColumn[];
  /** Embeddings that a head can be trained on. */
  readonly embeddings: () => readonly string[];
}

/** One setting as a person sees it, with room for what is wrong with it. */
interface Shown {
  readonly key: string;
  readonly input: HTMLElement;
  readonly problem: HTMLElement;
}

/** Makes the fields of a form, and shows problems at the ones that they are about. */
export class FormFields {
  private readonly shown: Shown[] = [];
  private readonly whole = new Map<string, HTMLElement>();
  /** What each group with kinds is when nothing is said. */
  private readonly kinds = new Map<string, string>();

  constructor(private readonly props: FieldProps) {}

  /** A field with all that belongs to it. */
  element(field: Field): HTMLElement {
    return this.owned(field.key, this.make(field));
  }

  /** Says that this element is all of a setting. */
  owned(key: string, element: HTMLElement): HTMLElement {
    this.whole.set(key, element);
    return element;
  }

  /** Leaves these settings out, and shows all others. */
  leaveOut(keys: ReadonlySet<string>): void {
    for (const [key, element] of this.whole) element.hidden = keys.has(key);
  }

  private make(field: Field): HTMLElement {
    switch (field.kind) {
      case 'number':
        return this.text(field, field.default, numberOrText);
      case 'text':
        return this.text(field, undefined, (text) => (text === '' && field.emptyIsUnsaid ? undefined : text));
      case 'column':
        return this.named(
          field,
          this.props.columns().map(({ name }) => name),
        );
      case 'embedding':
        return this.named(field, this.props.embeddings());
      case 'columns':
        return this.columns(field);
      case 'flag':
        return this.flag(field);
      case 'parts':
        return this.parts(field);
      case 'choice':
        if (isGroup(valueAt(this.props.draft(), field.key))) return asInFile(field);
        return this.choice(field, field.key, field.values, valueAt(this.props.draft(), field.key), () => undefined);
      case 'variants':
        return this.variants(field);
      case 'group':
        return h('fieldset', {}, h('legend', {}, field.label), ...field.fields.map((one) => this.element(one)));
      case 'budget':
        return this.budget(field);
      case 'other':
        return asInFile(field);
    }
  }

  /** Puts each problem to its field, or to the nearest group that has one. Gives those that have no place. */
  show(problems: readonly SettingsProblem[]): SettingsProblem[] {
    const homes = new Map<Shown, string[]>();
    const homeless: SettingsProblem[] = [];
    for (const problem of problems) {
      const home = this.homeOf(problem.key);
      if (home) homes.set(home, [...(homes.get(home) ?? []), problem.message]);
      else homeless.push(problem);
    }
    for (const one of this.shown) {
      const messages = homes.get(one);
      one.problem.textContent = messages?.join(' ') ?? '';
      one.problem.hidden = messages === undefined;
      if (messages) one.input.setAttribute('aria-invalid', 'true');
      else one.input.removeAttribute('aria-invalid');
    }
    return homeless;
  }

  /** The first field with a problem. */
  focusProblem(): void {
    this.shown.find(({ problem, input }) => !problem.hidden && input.isConnected)?.input.focus();
  }

  /** A group of which nothing was said has no kind yet: it is of the one that is shown. */
  private change(key: string, value: unknown): void {
    const group = key.slice(0, Math.max(0, key.lastIndexOf('.')));
    const kind = this.kinds.get(group);
    const isUnsaid = valueAt(this.props.draft(), `${group}.kind`) === undefined;
    if (kind !== undefined && isUnsaid) this.props.onChange(`${group}.kind`, kind);
    this.props.onChange(key, value);
  }

  private homeOf(key: string): Shown | undefined {
    const here = this.shown.filter(({ input }) => input.isConnected);
    const exact = here.find((one) => one.key === key) ?? here.find((one) => one.key.startsWith(`${key}.`));
    const dot = key.lastIndexOf('.');
    return exact ?? (dot > 0 ? this.homeOf(key.slice(0, dot)) : undefined);
  }

  private framed(
    field: Pick<Field, 'key' | 'label' | 'help'>,
    input: HTMLElement,
    ...more: HTMLElement[]
  ): HTMLElement {
    const id = idOf(field.key);
    const problem = h('p', { class: 'field-problem', id: `${id}-problem`, hidden: true });
    input.id = id;
    input.setAttribute('aria-describedby', `${id}-help ${id}-problem`);
    this.shown.push({ key: field.key, input, problem });
    return h(
      'div',
      { class: 'field' },
      h('label', { attributes: { for: id } }, field.label),
      h('div', { class: 'field-input' }, input, ...more),
      h('p', { class: 'field-help muted', id: `${id}-help` }, field.help),
      problem,
    );
  }

  private text(field: Field, unsaid: number | undefined, read: (text: string) => unknown): HTMLElement {
    const value = valueAt(this.props.draft(), field.key) ?? unsaid;
    const input = h('input', {
      attributes: {
        type: 'text',
        autocomplete: 'off',
        spellcheck: 'false',
        value: textOf(value),
      },
      on: { input: () => this.change(field.key, read(input.value)) },
    });
    return this.framed(field, input);
  }

  /** A text of which some are offered; nothing is no setting. */
  private named(field: Field, names: readonly string[]): HTMLElement {
    const list = `${idOf(field.key)}-names`;
    const input = h('input', {
      attributes: {
        ...{ type: 'text', autocomplete: 'off', spellcheck: 'false', list },
        value: textOf(valueAt(this.props.draft(), field.key)),
      },
      on: { input: () => this.change(field.key, input.value === '' ? undefined : input.value) },
    });
    return this.framed(field, input, nameList(list, names));
  }

  private columns(field: Field): HTMLElement {
    const value = valueAt(this.props.draft(), field.key);
    const chosen = Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
    const boxes = columnBoxes(this.props.columns(), chosen, (names) => this.change(field.key, names));
    boxes.setAttribute('aria-label', field.label);
    return this.framed(field, boxes);
  }

  private parts(field: Extract<Field, { kind: 'parts' }>): HTMLElement {
    const value = valueAt(this.props.draft(), field.key);
    const rows = partsRows(field.variants, Array.isArray(value) ? value : [], (parts) => this.change(field.key, parts));
    rows.setAttribute('aria-label', field.label);
    return this.framed(field, rows);
  }

  private flag(field: Field): HTMLElement {
    const input = h('input', {
      attributes: { type: 'checkbox' },
      on: { change: () => this.change(field.key, input.checked) },
    });
    input.checked = valueAt(this.props.draft(), field.key) === true;
    return this.framed(field, input);
  }

  private choice(
    field: Pick<Field, 'label' | 'help'>,
    key: string,
    values: readonly NamedHelp[],
    value: unknown,
    onChoose: (value: string) => void,
  ): HTMLElement {
    const about = h('span', { class: 'muted' });
    const tell = (): void => {
      about.textContent = values.find((one) => one.value === input.value)?.help ?? '';
    };
    const input = h(
      'select',
      {
        on: {
          change: () => {
            tell();
            this.change(key, input.value);
            onChoose(input.value);
          },
        },
      },
      ...values.map((one) => h('option', { attributes: { value: one.value } }, one.label)),
    );
    // A setting that is not said stands on its first value, which is the default.
    input.value = typeof value === 'string' ? value : values[0].value;
    tell();
    return this.framed({ key, label: field.label, help: field.help }, input, about);
  }

  private variants(field: Extract<Field, { kind: 'variants' }>): HTMLElement {
    const own = h('div', { class: 'field-own' });
    const kindKey = `${field.key}.kind`;
    const fill = ({ fields }: Variant): void => replaceChildren(own, ...fields.map((one) => this.element(one)));
    const find = (value: unknown): Variant => field.variants.find((one) => one.value === value) ?? field.variants[0];
    const choice = this.choice(field, kindKey, field.variants, valueAt(this.props.draft(), kindKey), (value) => {
      const variant = find(value);
      this.change(field.key, variant.start);
      fill(variant);
    });
    this.kinds.set(field.key, field.variants[0].value);
    fill(find(valueAt(this.props.draft(), kindKey)));
    return h('div', { class: 'field-group' }, choice, own);
  }

  private budget(field: Field): HTMLElement {
    const now = valueAt(this.props.draft(), field.key);
    const unit = h(
      'select',
      { aria: { label: 'Minutes or steps' }, on: { change: () => tell() } },
      h('option', { attributes: { value: 'minutes' } }, 'minutes'),
      h('option', { attributes: { value: 'steps' } }, 'steps'),
    );
    unit.value = isGroup(now) && 'steps' in now ? 'steps' : 'minutes';
    const amount = isGroup(now) ? now[unit.value] : undefined;
    const input = h('input', {
      attributes: { type: 'text', autocomplete: 'off', value: typeof amount === 'number' ? String(amount) : '' },
      on: { input: () => tell() },
    });
    const tell = (): void => this.change(field.key, { [unit.value]: numberOrText(input.value) });
    return this.framed(field, input, unit);
  }
}

/** What only the file can say. */
function asInFile({ label }: Field): HTMLElement {
  return h('p', { class: 'field muted' }, `${label}: as in kindred.json.`);
}

function idOf(key: string): string {
  return `setting-${key.replaceAll('.', '-')}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}
