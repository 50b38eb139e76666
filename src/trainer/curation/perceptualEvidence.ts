import { strainOf, type Evidence } from './evidence';
import { BandedHashes, visitHammingPairs } from './hamming';
import { LinkList } from './links';
import type { Pace } from './pace';

/** Links of one node to the nodes of one hash: enough to hold a crowd of equal pictures together, linear in its size. */
const MOST_LINKS = 64;

interface Hashed {
  /** Perceptual hash of each node. */
  readonly hashes: BigUint64Array;
  /** The item that stands for a node. */
  readonly itemOf: (node: number) => number;
  /** Reads the items by which it is confirmed that two nodes with near hashes are alike. */
  readonly confirmBy: (items: readonly number[]) => Promise<Agreement>;
}

/** Of the i-th and the j-th of some items: whether they are alike indeed. */
export interface Agreement {
  agree(i: number, j: number): boolean;
}

/** Adds the pairs whose perceptual hashes are within the distance and whose contents agree (see `Signatures`, `TextSignatures`). */
export async function perceptualEvidence(
  { hashes, itemOf, confirmBy }: Hashed,
  threshold: number,
  links: LinkList,
  pace: Pace,
): Promise<Evidence> {
  const classes = classesOf(hashes);
  pace.begin('Comparing perceptual hashes', classes.length, 'hashes');
  const near = new LinkList();
  const distinct = BigUint64Array.from(classes, ([node]) => hashes[node]);
  await visitHammingPairs(distinct, threshold, pace, (a, b, distance) => near.add(a, b, strainOf(distance, threshold)));
  const rows = new Int32Array(hashes.length).fill(-1);
  const proposed = proposedNodes(classes, near);
  proposed.forEach((node, row) => (rows[node] = row));
  const signatures = await confirmBy(proposed.map(itemOf));
  const banded = new BandedHashes(hashes);
  const evidence: Evidence = {
    kind: 'perceptual',
    threshold,
    distance: (a, b) => {
      if (rows[a] < 0 || rows[b] < 0) return undefined;
      const distance = banded.distance(a, b);
      return distance <= threshold && signatures.agree(rows[a], rows[b]) ? distance : undefined;
    },
  };
  await confirm(classes, near, evidence, links, pace);
  return evidence;
}

/** Nodes by hash; nodes ascend within a class, and classes by their first node. */
function classesOf(hashes: BigUint64Array): number[][] {
  const classes = new Map<bigint, number[]>();
  hashes.forEach((hash, node) => {
    const members = classes.get(hash);
    if (members) members.push(node);
    else classes.set(hash, [node]);
  });
  return [...classes.values()];
}

function proposedNodes(classes: readonly (readonly number[])[], near: LinkList): number[] {
  const proposed = new Set<number>();
  const take = (nodes: readonly number[]): void => nodes.forEach((node) => proposed.add(node));
  classes.filter((members) => members.length > 1).forEach(take);
  for (let pair = 0; pair < near.count; pair++) {
    take(classes[near.a[pair]]);
    take(classes[near.b[pair]]);
  }
  return [...proposed].sort((a, b) => a - b);
}

async function confirm(
  classes: readonly (readonly number[])[],
  near: LinkList,
  evidence: Evidence,
  links: LinkList,
  pace: Pace,
): Promise<void> {
  const link = async (ones: readonly number[], others: readonly number[]): Promise<void> => {
    for (const a of ones) {
      if (pace.due()) await pace.breathe();
      let found = 0;
      for (const b of others) {
        if (found === MOST_LINKS || (ones === others && b >= a)) break;
        const distance = evidence.distance(a, b);
        if (distance === undefined) continue;
        links.add(a, b, strainOf(distance, evidence.threshold));
        found++;
      }
    }
  };
  for (const members of classes) if (members.length > 1) await link(members, members);
  for (let pair = 0; pair < near.count; pair++) await link(classes[near.a[pair]], classes[near.b[pair]]);
}
