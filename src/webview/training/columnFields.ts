/** The fields of settings that name columns of the dataset: those that look like labels are offered. */
import type { LabelColumn } from '../../trainer/protocol';
import { h } from '../shell';

/** A checkbox for each column; `onChange` gets what is chosen in their order, undefined for none. */
export function columnBoxes(
  columns: readonly LabelColumn[],
  chosen: readonly string[],
  onChange: (names: readonly string[] | undefined) => void,
): HTMLElement {
  const names = new Map(
    columns.map(({ name, classes }) => [name, `${name} (${classes} ${classes === 1 ? 'class' : 'classes'})`]),
  );
  for (const name of chosen) if (!names.has(name)) names.set(name, name);
  const boxes: HTMLInputElement[] = [];
  const tell = (): void => {
    const now = boxes.filter(({ checked }) => checked).map(({ value }) => value);
    onChange(now.length === 0 ? undefined : now);
  };
  const labels = [...names].map(([name, words]) => {
    const box = h('input', { attributes: { type: 'checkbox', value: name }, on: { change: tell } });
    box.checked = chosen.includes(name);
    boxes.push(box);
    return h('label', { class: 'field-check' }, box, words);
  });
  const none = names.size === 0 && h('span', { class: 'muted' }, 'This dataset has no columns that look like labels.');
  return h('div', { role: 'group', attributes: { tabindex: '-1' } }, none, ...labels);
}

/** Names that a text input with the attribute `list` of this id offers. */
export function nameList(id: string, names: readonly string[]): HTMLElement {
  return h('datalist', { id }, ...names.map((name) => h('option', { attributes: { value: name } })));
}
