import { button, h, icon, type ButtonProps, type Child } from '../shell';
import { KEY_HELP } from './keymap';
import type { BulkPlan } from './summary';
import { formatBytes, formatItems } from '../shell';

/** A dialog over the panel, with the browser's own focus trap and Escape. Gone when it is closed. */
export function openDialog(
  title: string,
  content: readonly Child[],
  actions: readonly ButtonProps[],
): HTMLDialogElement {
  const dialog = h('dialog', { class: 'dialog', aria: { label: title } });
  const close = (): void => dialog.close();
  dialog.append(
    h(
      'div',
      { class: 'dialog-head' },
      h('h2', {}, title),
      h('span', { class: 'spacer' }),
      button({ label: 'Close', icon: 'close', kind: 'icon', tip: 'Close (Esc)', onClick: close }),
    ),
    h('div', { class: 'dialog-body' }, ...content.filter((child): child is Node | string => Boolean(child))),
  );
  if (actions.length > 0) {
    const buttons = actions.map((action) =>
      button({
        ...action,
        onClick: () => {
          close();
          action.onClick();
        },
      }),
    );
    dialog.append(h('div', { class: 'dialog-actions' }, ...buttons));
  }
  dialog.addEventListener('close', () => dialog.remove());
  // Keys that are pressed in the dialog are not decisions about what lies under it.
  dialog.addEventListener('keydown', (event) => event.stopPropagation());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export function openKeyHelp(help = KEY_HELP): HTMLDialogElement {
  const groups = help.map(({ title, entries }) =>
    h(
      'section',
      { class: 'key-group' },
      h('h3', {}, title),
      h(
        'dl',
        {},
        ...entries.map(({ keys, does }) =>
          h('div', { class: 'key-entry' }, h('dt', {}, ...keys.map((key) => h('kbd', {}, key))), h('dd', {}, does)),
        ),
      ),
    ),
  );
  const dialog = openDialog('Keys', [h('div', { class: 'key-groups' }, ...groups)], []);
  dialog.addEventListener('keydown', (event) => {
    if (event.key === '?') dialog.close();
  });
  return dialog;
}

/** Says what one decision for all exact groups would do, before it is made. */
export function confirmExact(plan: BulkPlan, onAccept: () => void): HTMLDialogElement {
  const left =
    plan.conflicts > 0 &&
    h(
      'p',
      { class: 'dialog-note' },
      icon('warning'),
      `${formatItems(plan.conflicts, 'exact group')} with different labels ${plan.conflicts === 1 ? 'is' : 'are'} left for you to look at.`,
    );
  return openDialog(
    'Accept all exact groups?',
    [
      h(
        'p',
        {},
        `In ${formatItems(plan.cases, 'undecided group')} of equal files, ${formatItems(plan.remove, 'item')} (${formatBytes(plan.bytes)}) will be marked for removal and ${formatItems(plan.keep, 'item')} kept.`,
      ),
      h(
        'p',
        { class: 'muted' },
        'No file is touched until you apply the decisions, and one undo takes all of this back.',
      ),
      left,
    ],
    [
      { label: `Mark ${formatItems(plan.remove, 'item')} for removal`, kind: 'primary', onClick: onAccept },
      { label: 'Cancel', onClick: () => undefined },
    ],
  );
}
