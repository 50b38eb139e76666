import { describe, expect, it } from 'vitest';
import {
  canGo,
  currentItem,
  EMPTY_HISTORY,
  go,
  leave,
  visit,
  type History,
} from '../../../src/webview/explore/history';
import { fromRanges, toRanges } from '../../../src/webview/explore/ranges';

const walk = (...items: number[]): History => items.reduce(visit, EMPTY_HISTORY);

describe('History', () => {
  it('goes back and forward as a browser does', () => {
    let history = walk(5, 7, 9);
    history = go(go(history, -1), -1);
    expect(currentItem(history)).toBe(5);
    expect(canGo(history, -1)).toBe(false);
    history = go(history, 1);
    expect(currentItem(history)).toBe(7);
    history = visit(history, 8);
    expect(canGo(history, 1)).toBe(false);
    expect(currentItem(go(history, -1))).toBe(7);
  });

  it('does not note the same item twice in a row', () => {
    expect(walk(1, 1, 1).items).toEqual([1]);
  });

  it('finds the way back after looking at nothing', () => {
    const nothing = leave(walk(1, 2));
    expect(currentItem(nothing)).toBe(-1);
    expect(canGo(nothing, 1)).toBe(false);
    expect(leave(nothing)).toEqual(nothing);
    expect(visit(nothing, 3).items).toEqual([1, 2, 3]);
    expect(currentItem(go(nothing, -1))).toBe(2);
    expect(canGo(EMPTY_HISTORY, -1)).toBe(false);
  });

  it('forgets the oldest of more than a hundred', () => {
    const history = walk(...Array.from({ length: 250 }, (_, i) => i));
    expect(history.items).toHaveLength(100);
    expect(currentItem(history)).toBe(249);
  });
});

describe('ranges', () => {
  it('give the same items again, and stay short for a block', () => {
    for (const items of [[], [0], [1, 2, 3, 7, 9, 10], Array.from({ length: 50_000 }, (_, i) => i)]) {
      expect(fromRanges(toRanges(items))).toEqual(items);
    }
    expect(toRanges(Array.from({ length: 50_000 }, (_, i) => i))).toEqual([0, 50_000]);
  });
});
