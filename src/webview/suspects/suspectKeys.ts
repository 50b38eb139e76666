import type { KeyHelp } from '../review/keymap';

export type SuspectAction =
  | { readonly kind: 'step'; readonly offset: number }
  | {
      readonly kind:
        'accept' | 'keep' | 'change' | 'other' | 'exclude' | 'skip' | 'undo' | 'first' | 'last' | 'open' | 'help';
    };

/** Names of keys as `bindKeys` takes them. */
export const SUSPECT_KEYS: Readonly<Record<string, SuspectAction>> = {
  Enter: { kind: 'accept' },
  '1': { kind: 'keep' },
  '2': { kind: 'change' },
  l: { kind: 'other' },
  x: { kind: 'exclude' },
  s: { kind: 'skip' },
  u: { kind: 'undo' },
  'Ctrl+z': { kind: 'undo' },
  j: { kind: 'step', offset: 1 },
  k: { kind: 'step', offset: -1 },
  ArrowDown: { kind: 'step', offset: 1 },
  ArrowUp: { kind: 'step', offset: -1 },
  PageDown: { kind: 'step', offset: 10 },
  PageUp: { kind: 'step', offset: -10 },
  Home: { kind: 'first' },
  End: { kind: 'last' },
  o: { kind: 'open' },
  '?': { kind: 'help' },
};

export const SUSPECT_KEY_HELP: readonly { readonly title: string; readonly entries: readonly KeyHelp[] }[] = [
  {
    title: 'Decide (then on to the next undecided)',
    entries: [
      { keys: ['1'], does: 'The label is right: keep it' },
      { keys: ['2'], does: 'Change to the label that it looks like' },
      { keys: ['Enter'], does: 'What is suggested: 2, or 1 when it looks like no other label' },
      { keys: ['L'], does: 'Change to another label' },
      { keys: ['X'], does: 'Exclude: remove the item from the dataset' },
      { keys: ['U', 'Ctrl+Z'], does: 'Undo the last decision, also of an earlier session' },
    ],
  },
  {
    title: 'Move',
    entries: [
      { keys: ['S'], does: 'Skip to the next undecided' },
      { keys: ['J', '↓'], does: 'Next' },
      { keys: ['K', '↑'], does: 'Previous' },
      { keys: ['Page Up', 'Page Down', 'Home', 'End'], does: 'Ten, first, last' },
      { keys: ['O'], does: 'Open the file' },
      { keys: ['?'], does: 'This help' },
    ],
  },
];
