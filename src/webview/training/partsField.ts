/** The field of a sum of losses: each part's loss and how much it counts. */
import { button, h, icon, replaceChildren } from '../shell';
import { isGroup, numberOrText, type Draft } from './draft';
import type { Variant } from './formSchema';

const MOST = 8;

/** Parts as they stand in the settings; one of another form stays as it is. */
type Parts = readonly unknown[];

/** A row for each part, with a weight and a loss. A loss that is chosen brings its defaults; `onChange` gets the whole list. */
export function partsRows(variants: readonly Variant[], parts: Parts, onChange: (parts: Parts) => void): HTMLElement {
  const list = h('div', { role: 'group', attributes: { tabindex: '-1' }, class: 'loss-parts' });
  let now = parts;
  const change = (next: Parts): void => {
    now = next;
    onChange(next);
  };
  const edit = (at: number, more: Draft): void =>
    change(now.map((part, i) => (i === at ? { ...(isGroup(part) ? part : {}), ...more } : part)));
  /** Another number of rows: drawn anew. */
  const resize = (next: Parts, focused: number): void => {
    change(next);
    draw();
    [...list.querySelectorAll('select')].at(Math.min(focused, next.length - 1))?.focus();
  };
  const draw = (): void =>
    replaceChildren(
      list,
      ...now.map((part, at) =>
        partRow(variants, isGroup(part) ? part : {}, {
          at,
          onEdit: (more) => edit(at, more),
          ...(now.length > 1
            ? {
                onRemove: () =>
                  resize(
                    now.filter((_, i) => i !== at),
                    at,
                  ),
              }
            : {}),
        }),
      ),
      now.length < MOST &&
        button({
          label: 'Add a loss',
          icon: 'add',
          onClick: () => resize([...now, { weight: 1, loss: variants[0].start }], now.length),
        }),
    );
  draw();
  return list;
}

interface RowProps {
  readonly at: number;
  readonly onEdit: (more: Draft) => void;
  readonly onRemove?: () => void;
}

function partRow(variants: readonly Variant[], part: Draft, { at, onEdit, onRemove }: RowProps): HTMLElement {
  const { weight = 1, loss } = part;
  const weightInput = h('input', {
    attributes: { type: 'text', autocomplete: 'off', size: '5', value: String(weight) },
    aria: { label: `Weight of part ${at + 1}` },
    on: { input: () => onEdit({ weight: numberOrText(weightInput.value) }) },
  });
  const kind = h(
    'select',
    {
      aria: { label: `Loss of part ${at + 1}` },
      on: { change: () => onEdit({ loss: variants.find(({ value }) => value === kind.value)?.start }) },
    },
    ...variants.map(({ value, label, help }) => h('option', { attributes: { value, title: help } }, label)),
  );
  const said = isGroup(loss) ? loss['kind'] : undefined;
  if (typeof said === 'string') kind.value = said;
  return h(
    'div',
    { class: 'field-input loss-part' },
    weightInput,
    h('span', { aria: { hidden: 'true' } }, '×'),
    kind,
    onRemove &&
      h(
        'button',
        {
          class: 'plain',
          attributes: { type: 'button', title: 'Remove' },
          aria: { label: `Remove part ${at + 1}` },
          on: { click: onRemove },
        },
        icon('trash'),
      ),
  );
}
