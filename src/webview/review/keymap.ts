/** What a key asks for. `member` counts from 0. */
export type ReviewAction =
  | { readonly kind: 'keep-only' | 'toggle'; readonly member: number }
  | { readonly kind: 'step'; readonly offset: number }
  | { readonly kind: 'focus'; readonly offset: number }
  | { readonly kind: 'zoom'; readonly direction: -1 | 0 | 1 }
  | {
      readonly kind:
        | 'accept'
        | 'keep-all'
        | 'toggle-focused'
        | 'apart'
        | 'undo'
        | 'next-undecided'
        | 'first'
        | 'last'
        | 'blink'
        | 'difference'
        | 'open'
        | 'help'
        | 'reset';
    };

/** The part of a `KeyboardEvent` that the map reads. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const ACTIONS: Readonly<Record<string, ReviewAction>> = {
  Enter: { kind: 'accept' },
  r: { kind: 'accept' },
  a: { kind: 'keep-all' },
  x: { kind: 'toggle-focused' },
  n: { kind: 'apart' },
  u: { kind: 'undo' },
  j: { kind: 'step', offset: 1 },
  k: { kind: 'step', offset: -1 },
  ArrowDown: { kind: 'step', offset: 1 },
  ArrowUp: { kind: 'step', offset: -1 },
  PageDown: { kind: 'step', offset: 10 },
  PageUp: { kind: 'step', offset: -10 },
  Home: { kind: 'first' },
  End: { kind: 'last' },
  s: { kind: 'next-undecided' },
  ArrowRight: { kind: 'focus', offset: 1 },
  ArrowLeft: { kind: 'focus', offset: -1 },
  ' ': { kind: 'blink' },
  d: { kind: 'difference' },
  o: { kind: 'open' },
  '+': { kind: 'zoom', direction: 1 },
  '=': { kind: 'zoom', direction: 1 },
  '-': { kind: 'zoom', direction: -1 },
  '0': { kind: 'zoom', direction: 0 },
  '?': { kind: 'help' },
  Escape: { kind: 'reset' },
};

/** The action of a key press; undefined when it means nothing here. Digits go by their place on the keyboard, for any layout. */
export function actionOf(press: KeyPress): ReviewAction | undefined {
  if (press.altKey) return undefined;
  if (press.ctrlKey || press.metaKey) {
    return press.key.toLowerCase() === 'z' && !press.shiftKey ? { kind: 'undo' } : undefined;
  }
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(press.code)?.[1];
  if (digit !== undefined) {
    return { kind: press.shiftKey ? 'toggle' : 'keep-only', member: Number(digit) - 1 };
  }
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  return Object.hasOwn(ACTIONS, key) ? ACTIONS[key] : undefined;
}

export interface KeyHelp {
  readonly keys: readonly string[];
  readonly does: string;
}

/** The map as it is shown to the person, in groups. */
export const KEY_HELP: readonly { readonly title: string; readonly entries: readonly KeyHelp[] }[] = [
  {
    title: 'Decide (then on to the next undecided)',
    entries: [
      { keys: ['Enter', 'R'], does: 'Accept what is marked: the suggestion, or what you changed' },
      { keys: ['1 … 9'], does: 'Keep only this member, remove the others' },
      { keys: ['A'], does: 'Keep all' },
      { keys: ['N'], does: 'Not duplicates: remembered, whatever the threshold' },
      { keys: ['U', 'Ctrl+Z'], does: 'Undo the last decision, also of an earlier session' },
    ],
  },
  {
    title: 'Mark (nothing is recorded until Enter)',
    entries: [
      { keys: ['Shift+1 … 9'], does: 'Keep or remove this member' },
      { keys: ['X'], does: 'Keep or remove the focused member' },
      { keys: ['Esc'], does: 'Back to the marks as they were' },
    ],
  },
  {
    title: 'Move',
    entries: [
      { keys: ['J', '↓'], does: 'Next group' },
      { keys: ['K', '↑'], does: 'Previous group' },
      { keys: ['S'], does: 'Skip to the next undecided group' },
      { keys: ['Page Up', 'Page Down', 'Home', 'End'], does: 'Ten groups, first, last' },
      { keys: ['←', '→'], does: 'Focus another member' },
    ],
  },
  {
    title: 'Compare',
    entries: [
      { keys: ['Space (hold)'], does: 'Show the keeper in the place of the focused member' },
      { keys: ['D'], does: 'Show where the pixels or words differ' },
      { keys: ['+', '−', '0'], does: 'Pictures: zoom in, out, fit (also the wheel; drag to pan)' },
      { keys: ['O'], does: 'Open the focused file' },
      { keys: ['?'], does: 'This help' },
    ],
  },
];
