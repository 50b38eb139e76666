import { describe, expect, it } from 'vitest';
import { stateOf } from '../../../src/trainer/curation/decisions';
import type { Decision, DecisionState } from '../../../src/trainer/types/curation';

type Item = readonly [path: string, hash: string];

let made = 0;
/** A decision as the journal holds it; `others` are the copies at the time. */
function decide(kind: 'keep' | 'remove', [path, hash]: Item, ...others: string[]): Decision {
  return { kind, item: { path, hash, ...(others.length === 0 ? {} : { others }) }, id: `${made++}.0`, at: 'then' };
}

/** Labels are the folders of the paths. */
function tableOf(items: readonly Item[]): Parameters<typeof stateOf>[0] {
  const labels = items.map(([path]) => path.split('/').slice(0, -1).join('/'));
  const categories = [...new Set(labels)].filter((label) => label !== '').sort();
  const codes = Int32Array.from(labels, (label) => categories.indexOf(label));
  const paths = items.map(([path]) => path);
  return { paths, hashes: items.map(([, hash]) => hash), label: { name: 'label', categories, codes } };
}

function state(items: readonly Item[], ...decisions: Decision[]): DecisionState {
  return stateOf(tableOf(items), decisions);
}

const A: Item = ['a.png', 'A'];
const B: Item = ['b.png', 'B'];

describe('what the journal says about the items', () => {
  it('gives items by verdict, the newest counting, undone ones left out', () => {
    const [removeA, keepB, keepA] = [decide('remove', A), decide('keep', B), decide('keep', A)];
    expect(state([A, B], removeA, keepB)).toMatchObject({ keep: [1], remove: [0], canUndo: true });
    expect(state([A, B], removeA, keepB, keepA)).toMatchObject({ keep: [0, 1], remove: [], decisions: [keepB, keepA] });
    const undo: Decision = { kind: 'undo', of: [keepA.id], id: 'u.0', at: 'now' };
    expect(state([A, B], removeA, keepB, keepA, undo)).toMatchObject({ keep: [1], remove: [0] });
    const all: Decision = { kind: 'undo', of: [keepA.id, removeA.id, keepB.id], id: 'u.0', at: 'now' };
    expect(state([A, B], removeA, keepB, keepA, all)).toMatchObject({ keep: [], remove: [], canUndo: false });
  });

  it('follows a content to a new name or folder', () => {
    expect(state([['cat/z.png', 'A'], B], decide('remove', A)).remove).toEqual([0]);
  });

  it('does not follow a path to a new content', () => {
    expect(state([['a.png', 'new']], decide('remove', A)).remove).toEqual([]);
  });

  it('lets the newest verdict count though the file had other names between', () => {
    const history = [decide('remove', A), decide('keep', ['z.png', 'A'])];
    for (const path of ['a.png', 'z.png', 'y.png']) expect(state([[path, 'A']], ...history).keep).toEqual([0]);
  });

  describe('where several items share the content', () => {
    const [one, two]: Item[] = [
      ['x/1.png', 'A'],
      ['y/2.png', 'A'],
    ];
    const removeOne = decide('remove', one, 'y/2.png');

    it('is about one path only', () => {
      expect(state([one, two], removeOne).remove).toEqual([0]);
      expect(state([two, one], removeOne).remove).toEqual([1]);
    });

    it('never moves on to the copy that is left', () => {
      expect(state([two], removeOne).remove).toEqual([]);
      expect(state([['renamed.png', 'A']], removeOne).remove).toEqual([]);
    });

    it('follows a rename of one copy', () => {
      expect(state([['x/new.png', 'A'], two], removeOne).remove).toEqual([0]);
    });

    it('follows renamed folders by the end of the path, and leaves a doubt undecided', () => {
      expect(
        state(
          [
            ['p/2.png', 'A'],
            ['q/1.png', 'A'],
          ],
          removeOne,
        ).remove,
      ).toEqual([1]);
      expect(
        state(
          [
            ['p/7.png', 'A'],
            ['q/8.png', 'A'],
          ],
          removeOne,
        ).remove,
      ).toEqual([]);
    });

    it('keeps verdicts of copies apart', () => {
      const keepTwo = decide('keep', two, 'x/1.png');
      expect(state([one, two], removeOne, keepTwo)).toMatchObject({ keep: [1], remove: [0] });
      expect(state([two], removeOne, keepTwo)).toMatchObject({ keep: [0], remove: [] });
    });

    it('is undecided for a new copy of a content that was single', () => {
      expect(state([A, ['copy.png', 'A']], decide('remove', A)).remove).toEqual([0]);
      expect(
        state(
          [
            ['p.png', 'A'],
            ['q.png', 'A'],
          ],
          decide('remove', A),
        ).remove,
      ).toEqual([]);
    });
  });
});
