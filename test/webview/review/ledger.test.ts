import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/trainer/protocol';
import { Ledger } from '../../../src/webview/review/ledger';

const refs = [
  { hash: 'aa', path: 'a.png' },
  { hash: 'aa', path: 'copy.png' },
  { hash: 'bb', path: 'renamed.png' },
];

function ledgerWith(...decisions: Decision[]): Ledger {
  const ledger = new Ledger((item) => refs[item]);
  ledger.confirm({ decisions, keep: [], remove: [], canUndo: true });
  return ledger;
}

describe('the ledger', () => {
  it('knows an item of its own content by content, and a copy by its path', () => {
    const apart = {
      kind: 'not-duplicate' as const,
      items: [
        { hash: 'aa', path: 'a.png', others: ['copy.png'] },
        { hash: 'bb', path: 'before.png' },
      ],
      id: '1',
      at: '',
    };
    const ledger = ledgerWith(apart);
    expect(ledger.areApart([0, 2])).toBe(true);
    expect(ledger.areApart([1, 2])).toBe(false);
    expect(ledger.areApart([0, 1, 2])).toBe(false);
  });

  it('does not add up two decisions to one that nobody made', () => {
    const one = (a: number, b: number, id: string): Decision => ({
      kind: 'not-duplicate',
      items: [{ ...refs[a], others: ['copy.png'] }, refs[b]],
      id,
      at: '',
    });
    const ledger = new Ledger((item) => refs[item]);
    ledger.confirm({ decisions: [one(0, 2, '1')], keep: [], remove: [], canUndo: true });
    expect(ledger.areApart([0, 1, 2])).toBe(false);
  });

  it('shows a change at once and what was before when it is dropped', () => {
    const ledger = ledgerWith();
    ledger.confirm({ decisions: [], keep: [0], remove: [], canUndo: false });
    const change = { marks: new Map([[0, 'remove' as const]]), apart: [1, 2] };
    ledger.add(change);
    expect(ledger.markOf(0)).toBe('remove');
    expect(ledger.areApart([1, 2])).toBe(true);
    expect(ledger.canUndo).toBe(true);
    ledger.drop(change);
    expect(ledger.markOf(0)).toBe('keep');
    expect(ledger.areApart([1, 2])).toBe(false);
  });
});
