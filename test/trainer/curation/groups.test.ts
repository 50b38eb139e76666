import { describe, expect, it } from 'vitest';
import { growGroups, type NodeGroup } from '../../../src/trainer/curation/groups';
import { LinkList } from '../../../src/trainer/curation/links';
import { Random } from '../../../src/trainer/random';
import { quietPace } from './support/context';

type Pair = readonly [a: number, b: number, strain: number];

async function groupsOf(nodes: number, pairs: readonly Pair[], judged: readonly Pair[] = []): Promise<NodeGroup[]> {
  const links = new LinkList();
  for (const [a, b, strain] of pairs) links.add(a, b, strain);
  const linked = new Set(pairs.flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]));
  const apart = new Map<number, Set<number>>();
  for (const [a, b] of judged) {
    apart.set(a, new Set([...(apart.get(a) ?? []), b]));
    apart.set(b, new Set([...(apart.get(b) ?? []), a]));
  }
  const alike = (a: number, b: number): boolean => linked.has(`${a} ${b}`);
  return growGroups({ nodes, links, alike, apart }, quietPace());
}

/** Points on a line or plane; linked within distance 1. */
function linksBetween(points: readonly (readonly number[])[]): Pair[] {
  const pairs: Pair[] = [];
  points.forEach((p, b) =>
    points.slice(0, b).forEach((q, a) => {
      const distance = Math.hypot(...p.map((x, i) => x - q[i]));
      if (distance <= 1) pairs.push([a, b, distance]);
    }),
  );
  return pairs;
}

describe('growing groups', () => {
  it('does not chain: ten pictures in a row do not make one group', async () => {
    const groups = await groupsOf(10, linksBetween(Array.from({ length: 10 }, (_, i) => [i * 0.9])));
    expect(Math.max(...groups.map((group) => group.members.length))).toBeLessThanOrEqual(3);
  });

  it('keeps two tight pairs together that a weak bridge joins', async () => {
    const groups = await groupsOf(4, [
      [0, 1, 0.1],
      [1, 2, 1],
      [2, 3, 0.1],
    ]);
    expect(groups.map((group) => group.members)).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it('puts what one picture holds together in one group, with it as the centre', async () => {
    expect(
      await groupsOf(4, [
        [2, 0, 0.5],
        [2, 1, 0.5],
        [2, 3, 0.9],
      ]),
    ).toEqual([{ members: [0, 1, 2, 3], centre: 2 }]);
  });

  it('never puts two in a group that were judged not to be duplicates', async () => {
    const triangle: Pair[] = [
      [0, 1, 0.1],
      [1, 2, 0.2],
      [0, 2, 0.3],
    ];
    expect((await groupsOf(3, triangle)).map((group) => group.members)).toEqual([[0, 1, 2]]);
    expect((await groupsOf(3, triangle, [[0, 2, 0]])).map((group) => group.members)).toEqual([[0, 1]]);
    expect(await groupsOf(2, [[0, 1, 0]], [[0, 1, 0]])).toEqual([]);
  });

  it('holds in every group of random points: a centre near to all, at most two thresholds wide, whatever the order', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = new Random(seed);
      const points = Array.from({ length: 120 }, () => [random.next() * 6, random.next() * 6]);
      const pairs = linksBetween(points);
      const groups = await groupsOf(points.length, pairs);
      const far = (a: number, b: number): number =>
        Math.hypot(points[a][0] - points[b][0], points[a][1] - points[b][1]);
      for (const { members, centre } of groups) {
        expect(members).toContain(centre);
        for (const a of members) {
          expect(far(a, centre)).toBeLessThanOrEqual(1);
          for (const b of members) expect(far(a, b)).toBeLessThanOrEqual(2);
        }
      }
      const all = groups.flatMap((group) => group.members);
      expect(new Set(all).size).toBe(all.length);
      const shuffled = random.shuffle([...pairs]).map(([a, b, strain]): Pair => [b, a, strain]);
      expect(await groupsOf(points.length, shuffled)).toEqual(groups);
    }
  });

  it('sorts many links as a plain sort does', async () => {
    const random = new Random(3);
    const links = new LinkList();
    for (let i = 0; i < 30_000; i++) links.add(random.integer(500), random.integer(500), random.integer(20) / 20);
    const order = await links.sorted(quietPace());
    const key = (at: number): number => (Math.round(links.strain[at] * 20) * 500 + links.a[at]) * 500 + links.b[at];
    const keys = Array.from(order, key);
    expect(keys).toEqual(Array.from({ length: links.count }, (_, at) => key(at)).sort((x, y) => x - y));
  });
});
