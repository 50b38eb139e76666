import type { Modality, ModelId } from '../../trainer/protocol';
import { button, h, icon, setPressed } from '../shell';
import type { Comparison } from './comparison';
import { modelName } from './modelChoices';

export interface ComparisonListener {
  /** Shows the map of the other model. */
  flip(): void;
  end(): void;
}

/** Over the map while two models are compared: which of them is shown. */
export class ComparisonBar {
  readonly element: HTMLElement;
  private readonly sides: Readonly<Record<'reference' | 'other', HTMLElement>>;
  private shown: ModelId | undefined;

  constructor(private readonly listener: ComparisonListener) {
    this.sides = { reference: this.side(), other: this.side() };
    this.element = h(
      'div',
      { class: 'comparison', role: 'group', hidden: true, aria: { label: 'Models that are compared' } },
      icon('arrow-swap'),
      this.sides.reference,
      this.sides.other,
      button({
        label: 'End the comparison',
        icon: 'close',
        kind: 'icon',
        tip: 'End the comparison: this map stays',
        onClick: () => listener.end(),
      }),
    );
  }

  show(comparison: Comparison | undefined, shown: ModelId, modality: Modality): void {
    this.element.hidden = comparison === undefined;
    this.shown = shown;
    if (!comparison) return;
    for (const role of ['reference', 'other'] as const) {
      const { model } = comparison[role];
      const side = this.sides[role];
      const name = modelName(model, modality);
      if (side.textContent !== name) side.textContent = name;
      side.dataset['model'] = model;
      side.title = model === shown ? `${name}, shown now. Press M for the other.` : `Show the map of ${name} (M)`;
      setPressed(side, model === shown);
    }
  }

  private side(): HTMLElement {
    const side = h('button', {
      class: 'plain comparison-side ellipsis',
      on: {
        click: () => side.dataset['model'] !== this.shown && this.listener.flip(),
        // Elsewhere in the panel Enter opens the file.
        keydown: (event) => event.key === 'Enter' && event.stopPropagation(),
      },
    });
    return side;
  }
}

/** Which map the one that is shown lies like, in words; nothing where it lies by itself. */
export function likenessRemark(
  comparison: Comparison | undefined,
  shown: ModelId,
  isLike: boolean,
  modality: Modality,
): string {
  if (comparison?.other.model !== shown) return '';
  const name = modelName(comparison.reference.model, modality);
  return isLike ? `Laid out like the map of ${name}` : `Not laid out like the map of ${name}`;
}
