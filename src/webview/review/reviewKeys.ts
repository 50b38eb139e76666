import { isTyping, type Disposable } from '../shell';
import { actionOf, type ReviewAction } from './keymap';

/** Controls that have their own use for Enter and Space, and for all keys. */
const PRESSABLE = new Set(['BUTTON', 'VSCODE-BUTTON', 'VSCODE-CHECKBOX', 'SUMMARY', 'A']);
const OWN_KEYS = new Set(['VSCODE-DROPDOWN', 'VSCODE-OPTION', 'INPUT', 'SELECT']);

/** Keys of the whole panel; a control that has the focus keeps the keys that are its own. */
export function bindReviewKeys(act: (action: ReviewAction) => void, blink: (on: boolean) => void): Disposable {
  const down = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || belongsToControl(event)) return;
    const action = actionOf(event);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    if (action.kind === 'blink') {
      if (!event.repeat) blink(true);
      return;
    }
    const repeats = action.kind === 'step' || action.kind === 'focus' || action.kind === 'zoom';
    if (!event.repeat || repeats) act(action);
  };
  const up = (event: KeyboardEvent): void => {
    if (event.key === ' ') blink(false);
  };
  const away = (): void => blink(false);
  window.addEventListener('keydown', down, true);
  window.addEventListener('keyup', up, true);
  window.addEventListener('blur', away);
  return {
    dispose: () => {
      window.removeEventListener('keydown', down, true);
      window.removeEventListener('keyup', up, true);
      window.removeEventListener('blur', away);
    },
  };
}

function belongsToControl(event: KeyboardEvent): boolean {
  if (isTyping(event)) return true;
  for (const target of event.composedPath()) {
    if (!(target instanceof Element)) continue;
    if (target.tagName === 'DIALOG' || target.classList.contains('popover')) return true;
    if (OWN_KEYS.has(target.tagName)) return true;
    if (PRESSABLE.has(target.tagName) && (event.key === 'Enter' || event.key === ' ')) return true;
  }
  return false;
}
