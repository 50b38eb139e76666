import type { ProjectionSettings } from '../../trainer/protocol';
import { button, dropdown, fieldValue, h, setChoice, setFieldValue, textField } from '../shell';

interface NumberField {
  readonly name: 'neighbours' | 'minDist' | 'seed';
  readonly label: string;
  readonly help: string;
  readonly from: number;
  readonly to: number;
  readonly whole: boolean;
}

const FIELDS: readonly NumberField[] = [
  {
    name: 'neighbours',
    label: 'Neighbours',
    help: 'How many similar images hold each point. Few: fine detail. Many: the large picture.',
    from: 2,
    to: 200,
    whole: true,
  },
  {
    name: 'minDist',
    label: 'Minimum distance',
    help: 'How tightly points may pack. Small: tight islands. Large: an even spread.',
    from: 0,
    to: 1,
    whole: false,
  },
  {
    name: 'seed',
    label: 'Seed',
    help: 'Another number arranges the same data in another way; the same number repeats the map.',
    from: 0,
    to: 2 ** 31 - 1,
    whole: true,
  },
];

/** Settings of the projection. Nothing happens until "Arrange". */
export class ProjectionForm {
  readonly element: HTMLElement;
  private readonly kind: HTMLElement;
  private readonly fields = new Map<string, { readonly input: HTMLElement; readonly problem: HTMLElement }>();
  private readonly umapOnly: HTMLElement;
  private settings: ProjectionSettings;

  constructor(settings: ProjectionSettings, onApply: (settings: ProjectionSettings) => void) {
    this.settings = settings;
    this.kind = dropdown({
      label: 'Projection',
      choices: [
        { value: 'umap', label: 'UMAP: keeps neighbours together' },
        { value: 'pca', label: 'PCA: the two widest directions, at once' },
      ],
      value: settings.kind,
      onChange: (kind) => this.chooseKind(kind === 'pca' ? 'pca' : 'umap'),
    });
    this.umapOnly = h('div', { class: 'form-fields' }, ...FIELDS.map((field) => this.field(field)));
    const apply = button({
      label: 'Arrange',
      kind: 'primary',
      onClick: () => {
        const read = this.read();
        if (read) onApply(read);
      },
    });
    this.element = h('div', { class: 'form' }, h('h2', {}, 'Projection'), this.kind, this.umapOnly, apply);
    this.show(settings);
  }

  show(settings: ProjectionSettings): void {
    this.settings = settings;
    setChoice(this.kind, settings.kind);
    for (const { name } of FIELDS) setFieldValue(this.fields.get(name)!.input, String(settings[name]));
    this.umapOnly.hidden = settings.kind === 'pca';
  }

  private chooseKind(kind: ProjectionSettings['kind']): void {
    this.settings = { ...this.settings, kind };
    this.umapOnly.hidden = kind === 'pca';
  }

  private field({ name, label, help, from, to }: NumberField): HTMLElement {
    const input = textField({ label });
    const problem = h('div', { class: 'form-problem', role: 'alert', hidden: true }, `A number from ${from} to ${to}.`);
    this.fields.set(name, { input, problem });
    return h(
      'div',
      { class: 'form-field' },
      h('div', { class: 'form-label', aria: { hidden: 'true' } }, label),
      input,
      h('p', { class: 'muted form-help' }, help),
      problem,
    );
  }

  /** The settings as they are written, or `undefined` when one is out of its range: then that field says so. */
  private read(): ProjectionSettings | undefined {
    if (this.settings.kind === 'pca') return this.settings;
    let sound = true;
    const values = { neighbours: 0, minDist: 0, seed: 0 };
    for (const { name, from, to, whole } of FIELDS) {
      const { input, problem } = this.fields.get(name)!;
      const text = fieldValue(input).trim();
      const value = Number(text);
      const fits = text !== '' && value >= from && value <= to && (!whole || Number.isInteger(value));
      problem.hidden = fits;
      sound &&= fits;
      values[name] = value;
    }
    return sound ? { kind: 'umap', ...values } : undefined;
  }
}

/** The settings in a few words, for the toolbar's button. */
export function projectionLabel(settings: ProjectionSettings): string {
  return settings.kind === 'pca' ? 'PCA' : `UMAP\u00a0${settings.neighbours}\u00a0/\u00a0${settings.minDist}`;
}
