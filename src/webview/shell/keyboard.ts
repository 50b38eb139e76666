import type { Disposable } from './disposable';

/** Keys as they are written for people: "Escape", "Shift+ArrowLeft", "Ctrl+Z" (Command on a Mac), "k". */
export type KeyBindings = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** Binds keys within `target`. Keys typed into a text field are the field's own, except Escape. */
export function bindKeys(target: HTMLElement | Window, bindings: KeyBindings): Disposable {
  const actions = new Map(Object.entries(bindings));
  const listener = (event: Event): void => {
    if (!(event instanceof KeyboardEvent) || event.defaultPrevented) return;
    if (isTyping(event) && event.key !== 'Escape') return;
    const action = actions.get(keyName(event));
    if (!action) return;
    event.preventDefault();
    action(event);
  };
  target.addEventListener('keydown', listener);
  return { dispose: () => target.removeEventListener('keydown', listener) };
}

/** The name of a pressed key with its modifiers. Shift is left out where it only chooses the character ("+", "?"). */
export function keyName(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const shift = event.shiftKey && (event.key.length > 1 || /[a-z ]/.test(key));
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${key}`;
}

/** Whether the event comes from something that takes text. Looks into shadow roots. */
export function isTyping(event: Event): boolean {
  const origin = event.composedPath()[0];
  if (origin instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(origin.type);
  return origin instanceof HTMLTextAreaElement || (origin instanceof HTMLElement && origin.isContentEditable);
}

/** Where an arrow key leads in a grid of `count` cells, `columns` a row; `undefined` when it is no such key. */
export function moveInGrid(key: string, index: number, count: number, columns: number): number | undefined {
  const steps = new Map([
    ['ArrowLeft', -1],
    ['ArrowRight', 1],
    ['ArrowUp', -columns],
    ['ArrowDown', columns],
    ['PageUp', -columns * 4],
    ['PageDown', columns * 4],
    ['Home', -count],
    ['End', count],
  ]);
  const step = steps.get(key);
  if (step === undefined || count === 0) return undefined;
  return Math.min(count - 1, Math.max(0, index + step));
}
