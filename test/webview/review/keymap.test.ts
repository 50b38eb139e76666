import { describe, expect, it } from 'vitest';
import { actionOf, KEY_HELP, type KeyPress } from '../../../src/webview/review/keymap';

function press(key: string, rest: Partial<KeyPress> = {}): ReturnType<typeof actionOf> {
  return actionOf({ key, code: '', shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...rest });
}

describe('keys', () => {
  it('go by their place for digits, so that other layouts and the number pad work', () => {
    expect(press('&', { code: 'Digit1' })).toEqual({ kind: 'keep-only', member: 0 });
    expect(press('9', { code: 'Numpad9' })).toEqual({ kind: 'keep-only', member: 8 });
    expect(press('@', { code: 'Digit2', shiftKey: true })).toEqual({ kind: 'toggle', member: 1 });
    expect(press('0', { code: 'Digit0' })).toEqual({ kind: 'zoom', direction: 0 });
  });

  it('leave the combinations of the editor alone', () => {
    expect(press('a', { ctrlKey: true })).toBeUndefined();
    expect(press('n', { metaKey: true })).toBeUndefined();
    expect(press('Enter', { altKey: true })).toBeUndefined();
    expect(press('1', { code: 'Digit1', ctrlKey: true })).toBeUndefined();
    expect(press('z', { ctrlKey: true })).toEqual({ kind: 'undo' });
    expect(press('z', { ctrlKey: true, shiftKey: true })).toBeUndefined();
  });

  it('mean one thing each, with or without capitals', () => {
    expect(press('R')).toEqual({ kind: 'accept' });
    expect(press('k')).toEqual({ kind: 'step', offset: -1 });
    expect(press('toString')).toBeUndefined();
  });

  it('are all in the help', () => {
    const shown = KEY_HELP.flatMap(({ entries }) => entries.flatMap(({ keys }) => keys)).join(' ');
    for (const key of [
      'Enter',
      'R',
      'A',
      'X',
      'N',
      'U',
      'Ctrl+Z',
      'J',
      'K',
      'S',
      'Space',
      'D',
      'O',
      '?',
      'Esc',
      'Home',
      'Page Up',
    ]) {
      expect(shown).toContain(key);
    }
  });
});
