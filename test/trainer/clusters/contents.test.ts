import { describe, expect, it } from 'vitest';
import {
  ClusterTreeBuilder,
  clusterMembers,
  clustersAtDepth,
  clusterSizes,
  type ClusterTree,
} from '../../../src/trainer/clusters/clusterTree';
import { describeClusters, dominantLabel } from '../../../src/trainer/clusters/describeClusters';
import { examplesOf } from '../../../src/trainer/clusters/exemplars';
import { distinguishingWords, wordsOf } from '../../../src/trainer/clusters/words';
import type { ItemTable } from '../../../src/trainer/dataset/itemTable';
import { groupsOnSphere } from './points';

const { signal } = new AbortController();

function range(from: number, to: number): Int32Array {
  return Int32Array.from({ length: to - from }, (_, i) => from + i);
}

/** Two wholes of which the smaller was found first; the larger has two parts and an item in none. */
function nested(): ClusterTree {
  const builder = new ClusterTreeBuilder(12);
  builder.add(-1, range(0, 4));
  const large = builder.add(-1, range(4, 11));
  builder.add(large, range(4, 6));
  builder.add(large, range(6, 10));
  return builder.build();
}

describe('a tree of clusters', () => {
  it('has wholes by size, then their parts by size, and counts items of parts in their wholes', () => {
    const tree = nested();
    expect([...tree.parents]).toEqual([-1, -1, 0, 0]);
    expect([...clusterSizes(tree)]).toEqual([7, 4, 4, 2]);
    expect([...tree.clusterOf]).toEqual([1, 1, 1, 1, 3, 3, 2, 2, 2, 2, 0, -1]);
    expect([...clustersAtDepth(tree, 0)]).toEqual([1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, -1]);
    expect(clusterMembers(tree).map((members) => [...members])).toEqual([
      [4, 5, 6, 7, 8, 9, 10],
      [0, 1, 2, 3],
      [6, 7, 8, 9],
      [4, 5],
    ]);
    expect([...tree.probabilities]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0]);
  });

  it('can be empty', () => {
    const tree = new ClusterTreeBuilder(3).build();
    expect(tree.parents).toHaveLength(0);
    expect([...clustersAtDepth(tree, 2)]).toEqual([-1, -1, -1]);
  });
});

describe('examplesOf', () => {
  const vectors = groupsOnSphere(
    [
      [1, 0.2, 0],
      [1, -0.2, 0],
      [1, 0, 0.3],
    ],
    20,
    0.02,
    3,
  );
  const dot = (a: number, b: number): number =>
    [0, 1, 2].reduce((sum, d) => sum + vectors.data[a * 3 + d] * vectors.data[b * 3 + d], 0);

  it('has the member with the largest sum of similarities as its medoid', () => {
    const members = range(5, 60);
    const sums = Array.from(members, (a) => members.reduce((sum, b) => sum + dot(a, b), 0));
    const { medoid, exemplars } = examplesOf(vectors, members);
    expect(medoid).toBe(members[sums.indexOf(Math.max(...sums))]);
    expect(exemplars[0]).toBe(medoid);
    expect(new Set(exemplars).size).toBe(6);
    for (const item of exemplars) expect(members).toContain(item);
  });

  it('takes next what is farthest from all before, among the half that is near the middle', () => {
    const members = range(0, 60);
    const { exemplars } = examplesOf(vectors, members);
    const sums = Array.from(members, (a) => members.reduce((sum, b) => sum + dot(a, b), 0));
    const core = [...members].sort((a, b) => sums[b] - sums[a]).slice(0, 30);
    for (let taken = 1; taken < exemplars.length; taken++) {
      const nearest = (item: number): number => Math.max(...exemplars.slice(0, taken).map((other) => dot(item, other)));
      const rest = core.filter((item) => !exemplars.slice(0, taken).includes(item));
      expect(nearest(exemplars[taken])).toBeCloseTo(Math.min(...rest.map(nearest)), 10);
    }
  });

  it('takes each of few, and duplicates once', () => {
    expect(examplesOf(vectors, Int32Array.of(7))).toEqual({ medoid: 7, exemplars: [7] });
    const same = { data: new Float32Array(30).fill(0.5), rows: 10, dims: 3 };
    expect(new Set(examplesOf(same, range(0, 10)).exemplars).size).toBe(6);
  });
});

describe('words', () => {
  it('are made of letters, told apart by signs, numbers and capitals', () => {
    expect(wordsOf('IMG_0012-redFox at-night (2).x9f3')).toEqual(['red', 'fox', 'night']);
    expect(wordsOf('Straßenbahn über Köln 日本語')).toEqual(['straßenbahn', 'über', 'köln', '日本語']);
    expect(wordsOf('')).toEqual([]);
  });

  it('tell classes apart by class-based TF-IDF, as it is defined', async () => {
    const words = [
      ['red', 'fox', 'wild'],
      ['red', 'fox'],
      ['grey', 'fox', 'wild'],
      ['red', 'car'],
      ['blue', 'car', 'old'],
      ['blue', 'car', 'old'],
      ['ignored', 'fox'],
    ];
    const classOf = Int32Array.of(0, 0, 0, 1, 1, 1, -1);
    const found = await distinguishingWords(words, classOf, 2, signal);
    // 16 words, 8 a class. fox: 3/8 x log(1 + 8/3); wild: 2/8 x log(1 + 8/2); red is no more frequent than LIFT demands.
    const score = (share: number, f: number): number => share * Math.log(1 + 8 / f);
    expect(score(3 / 8, 3)).toBeGreaterThan(score(2 / 8, 2));
    expect(found[0]).toEqual(['fox', 'wild']);
    expect(found[1]).toEqual(['car', 'blue', 'old']);
  });

  it('leave out what every class has', async () => {
    const words = Array.from({ length: 20 }, (_, i) => ['scan', i < 10 ? 'cat' : 'dog']);
    const classOf = Int32Array.from({ length: 20 }, (_, i) => (i < 10 ? 0 : 1));
    expect(await distinguishingWords(words, classOf, 2, signal)).toEqual([['cat'], ['dog']]);
    expect(await distinguishingWords([], new Int32Array(0), 0, signal)).toEqual([]);
  });
});

describe('describeClusters', () => {
  const labels = ['cat', 'cat', 'cat', 'dog', 'dog', 'dog', 'dog', 'dog', 'dog', 'dog', undefined, 'cat'];
  const names = ['a', 'b', 'c', 'd', 'brown', 'brown', 'white', 'white', 'white', 'white', 'x', 'y'];

  function table(labelled: boolean): ItemTable {
    const code = (label: string | undefined): number =>
      labelled && label !== undefined ? ['cat', 'dog'].indexOf(label) : -1;
    return {
      count: 12,
      paths: names.map((name, i) => `${labels[i] ?? ''}/${name}_${i}.png`),
      label: { name: 'label', categories: labelled ? ['cat', 'dog'] : [], codes: Int32Array.from(labels, code) },
      metadata: [{ name: 'caption', values: labels.map((label, i) => (i < 4 ? 'sofa' : `${label} outside`)) }],
    } as unknown as ItemTable;
  }

  const found = { tree: nested(), examples: [6, 0, 6, 4].map((medoid) => ({ medoid, exemplars: [medoid] })) };

  it('names wholes by their label, and parts with the same label by what tells them apart', async () => {
    const clusters = await describeClusters(found, table(true), signal);
    expect(clusters.map(({ name }) => name)).toEqual(['dog', 'cat', 'dog: white', 'dog: brown']);
    expect(clusters[1].label).toEqual({ name: 'cat', purity: 0.75 });
    expect(clusters[0].label).toEqual({ name: 'dog', purity: 1 });
    expect(clusters[1].words).toEqual(['sofa']);
    expect(clusters[2]).toMatchObject({ id: 2, parent: 0, depth: 1, size: 4, medoid: 6, exemplars: [6] });
  });

  it('names clusters of many labels by what their labels share, and by a number where they share nothing', async () => {
    const categories = ['red_flag', 'blue flag', 'FlagOfPeru', 'old face', 'face', 'smiling-face', 'a1', 'b2'];
    const many = {
      count: 12,
      paths: names.map((_, i) => `${i}/picture.png`),
      label: { name: 'label', categories, codes: Int32Array.of(0, 1, 2, 6, 4, 5, 3, 4, 5, 3, 7, 6) },
      metadata: [],
    } as unknown as ItemTable;
    const clusters = await describeClusters(found, many, signal);
    expect(clusters.map(({ name }) => name).slice(0, 2)).toEqual(['face, old', 'flag']);
    expect(clusters[1].words).toContain('flag');
  });

  it('names by words where there are no labels, and by numbers where there is nothing', async () => {
    const clusters = await describeClusters(found, table(false), signal);
    expect(clusters[1].name).toBe('sofa');
    expect(clusters[1].label).toBeUndefined();
    const bare = { ...table(false), paths: names.map((_, i) => `${i}.png`), metadata: [] } as ItemTable;
    expect((await describeClusters(found, bare, signal)).map(({ name }) => name)).toEqual([
      'Cluster 1',
      'Cluster 2',
      'Cluster 1',
      'Cluster 2',
    ]);
  });

  it('takes the first of labels that are as frequent, and none where nothing is labelled', () => {
    const column = { name: 'label', categories: ['b', 'a'], codes: Int32Array.of(1, 0, 0, 1, -1) };
    expect(dominantLabel(column, range(0, 5))).toEqual({ name: 'b', purity: 0.5 });
    expect(dominantLabel(column, Int32Array.of(4))).toBeUndefined();
  });
});
