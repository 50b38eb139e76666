import { openDialog } from '../review/dialog';
import { h, textField, fieldValue, replaceChildren } from '../shell';

const SHOWN = 30;

/** Asks for one of the dataset's labels: type a part of its name, Enter takes the first. */
export function openLabelDialog(labels: readonly string[], onChoose: (label: string) => void): HTMLDialogElement {
  const list = h('div', { class: 'label-choices', role: 'group', aria: { label: 'Labels' } });
  const matching = (): string[] => {
    const wanted = fieldValue(field).trim().toLowerCase();
    return labels.filter((label) => label.toLowerCase().includes(wanted)).slice(0, SHOWN);
  };
  const choose = (label: string): void => {
    dialog.close();
    onChoose(label);
  };
  const draw = (): void => {
    const found = matching();
    const choices = found.map((label) =>
      h('button', { class: 'label-choice', attributes: { type: 'button' }, on: { click: () => choose(label) } }, label),
    );
    replaceChildren(
      list,
      ...choices,
      found.length === 0 && h('p', { class: 'muted' }, 'No label has this in its name.'),
    );
  };
  const field = textField({ label: 'Label', placeholder: 'A part of its name', icon: 'search', onInput: draw });
  const dialog = openDialog('Which label is right?', [field, list], []);
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    const first = matching().at(0);
    if (first !== undefined) choose(first);
  });
  draw();
  field.focus();
  return dialog;
}
