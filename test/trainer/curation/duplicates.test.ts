import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stateOf } from '../../../src/trainer/curation/decisions';
import { findDuplicates } from '../../../src/trainer/curation/duplicates';
import { Dataset, openDataset } from '../../../src/trainer/dataset/dataset';
import { computeEmbedding } from '../../../src/trainer/embedding/compute';
import { readNpy } from '../../../src/trainer/store/npy';
import { Random } from '../../../src/trainer/random';
import type { Decision, DuplicateGroup, DuplicateSettings, Verdict } from '../../../src/trainer/types/curation';
import { quietContext } from './support/context';

const PERCEPTUAL: DuplicateSettings = { perceptualDistance: 6, embeddingDistance: 0.01 };
let root: string;

/** A picture of random discs, so that each seed has a structure of its own. */
async function discs(seed: number, size: number): Promise<Buffer> {
  const random = new Random(seed);
  const shapes = Array.from({ length: 9 }, () => {
    const [x, y, r, hue] = [
      random.next() * size,
      random.next() * size,
      (0.1 + 0.15 * random.next()) * size,
      random.integer(360),
    ];
    return `<circle cx="${x}" cy="${y}" r="${r}" fill="hsl(${hue},80%,${20 + random.integer(50)}%)"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}"><rect width="100%" height="100%" fill="#eee"/>${shapes.join('')}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

const flat = (r: number, g: number, b: number): Promise<Buffer> =>
  sharp({ create: { width: 50, height: 50, channels: 3, background: { r, g, b } } })
    .png()
    .toBuffer();

async function write(path: string, content: Buffer): Promise<void> {
  await fs.mkdir(dirname(join(root, path)), { recursive: true });
  await fs.writeFile(join(root, path), content);
}

let dataset: Dataset;
beforeAll(async () => {
  root = await fs.mkdtemp(join(tmpdir(), 'kindred-duplicates-'));
  for (let seed = 1; seed <= 12; seed++) await write(`train/a/${seed}.png`, await discs(seed, 96));
  const one = await discs(1, 96);
  await write('train/a/1-copy.png', one);
  await write('test/a/1-leak.png', one);
  const two = await discs(2, 96);
  await write('train/b/2-small.jpg', await sharp(two).resize(60).jpeg({ quality: 70 }).toBuffer());
  await write(
    'train/a/3-large.png',
    await sharp(await discs(3, 96))
      .resize(128)
      .png()
      .toBuffer(),
  );
  const colours = [
    [255, 0, 0],
    [0, 0, 255],
    [20, 20, 20],
    [128, 128, 128],
    [250, 250, 250],
  ];
  for (const [i, [r, g, b]] of colours.entries()) await write(`train/flat/${i}.png`, await flat(r, g, b));
  await write(
    'train/flat/same.jpg',
    await sharp(await flat(128, 128, 128))
      .jpeg()
      .toBuffer(),
  );
  dataset = await openDataset({ root }, {}, quietContext());
}, 60_000);
afterAll(() => fs.rm(root, { recursive: true, force: true }));

async function groupsOf(
  settings = PERCEPTUAL,
  decisions: readonly Decision[] = [],
): Promise<readonly DuplicateGroup[]> {
  return (await findDuplicates(dataset, settings, stateOf(dataset.items, decisions), quietContext())).groups;
}
const paths = ({ items }: DuplicateGroup): string[] => items.map((item) => dataset.items.paths[item]);
const item = (path: string): number => dataset.items.paths.indexOf(path);
const ref = (path: string) => ({ path, hash: dataset.items.hashes[item(path)] });
const decide = (verdict: Verdict): Decision => ({ ...verdict, id: `${JSON.stringify(verdict).length}.0`, at: 'now' });

const LEAK = ['test/a/1-leak.png', 'train/a/1-copy.png', 'train/a/1.png'];

/** The same items in another order. The pixels stay where they are, as they are found by content. */
function permuted(one: Dataset, random: Random): Dataset {
  const { items } = one;
  const order = random.shuffle(Int32Array.from(items.paths, (_, i) => i));
  const pick = <T>(values: ArrayLike<T>): T[] => Array.from(order, (i) => values[i]);
  const table = {
    ...items,
    paths: pick(items.paths),
    hashes: pick(items.hashes),
    label: { ...items.label, codes: Int32Array.from(pick(items.label.codes)) },
    split: { ...items.split, codes: Int32Array.from(pick(items.split.codes)) },
    widths: Int32Array.from(pick(items.widths)),
    heights: Int32Array.from(pick(items.heights)),
    bytes: Float64Array.from(pick(items.bytes)),
    perceptualHashes: BigUint64Array.from(pick(items.perceptualHashes)),
  };
  return new Dataset(one.ref, one.summary, table);
}

describe('duplicates of real pictures', () => {
  it('finds copies, resized and recompressed pictures, and flat ones of one colour only; conflicts and leaks first', async () => {
    const groups = await groupsOf();
    expect(groups.map(paths).slice(0, 2).sort()).toEqual([LEAK, ['train/a/2.png', 'train/b/2-small.jpg']].sort());
    expect(groups.map(paths).slice(2).sort()).toEqual(
      [
        ['train/a/3-large.png', 'train/a/3.png'],
        ['train/flat/3.png', 'train/flat/same.jpg'],
      ].sort(),
    );
    const leak = groups.find((group) => paths(group).length === 3)!;
    expect(leak).toMatchObject({ exact: true, crossesSplits: true, labelConflict: false });
    expect(groups[0]).toBe(leak);
    expect(groups[1]).toMatchObject({ exact: false, crossesSplits: false, labelConflict: true });
  });

  it('suggests to keep what was judged so, then the one in test, then the larger', async () => {
    const kept = async (path: string, decisions: readonly Decision[] = []): Promise<string> =>
      dataset.items.paths[
        (await groupsOf(PERCEPTUAL, decisions)).find((group) => paths(group).includes(path))!.suggestedKeep
      ];
    expect(await kept('train/a/1.png')).toBe('test/a/1-leak.png');
    expect(await kept('train/a/3.png')).toBe('train/a/3-large.png');
    const others = LEAK.filter((path) => path !== 'train/a/1-copy.png');
    const keep = decide({ kind: 'keep', item: { ...ref('train/a/1-copy.png'), others } });
    expect(await kept('train/a/1.png', [keep])).toBe('train/a/1-copy.png');
  });

  it('does not link what was judged not to be duplicates, also among copies', async () => {
    const judged = [
      decide({ kind: 'not-duplicate', items: [ref('train/a/2.png'), ref('train/b/2-small.jpg')] }),
      decide({ kind: 'not-duplicate', items: [ref('train/a/1.png'), ref('test/a/1-leak.png')] }),
    ];
    const groups = (await groupsOf(PERCEPTUAL, judged)).map(paths);
    expect(groups.some((group) => group.includes('train/a/2.png'))).toBe(false);
    const one = groups.filter((group) => group.some((path) => LEAK.includes(path)));
    expect(one).toHaveLength(1);
    expect(one[0]).toHaveLength(2);
    expect(one[0]).toContain('train/a/1-copy.png');
  });

  it('finds near pictures by their embedding too, and says by how much', async () => {
    const { summary } = await computeEmbedding(dataset, 'pixels', quietContext());
    const groups = await groupsOf({ perceptualDistance: -1, embedding: summary.id, embeddingDistance: 0.02 });
    const near = groups.find((group) => paths(group).includes('train/a/3.png'))!;
    expect(paths(near)).toContain('train/a/3-large.png');
    for (const link of near.links) expect(link).toMatchObject({ evidence: 'embedding' });
    for (const { distance } of near.links) expect(distance).toBeLessThanOrEqual(0.02 + 1e-6);
    const { data, shape } = await readNpy(summary.file);
    const row = (path: string): Float32Array =>
      Float32Array.from(data.slice(item(path) * shape[1], (item(path) + 1) * shape[1]));
    const [a, b] = [row('train/a/3.png'), row('train/a/3-large.png')];
    const link = near.links.find((one) =>
      [one.a, one.b].every((end) => paths(near).includes(dataset.items.paths[end])),
    )!;
    if (near.items.length === 2)
      expect(link.distance).toBeCloseTo(1 - a.reduce((sum, value, at) => sum + value * b[at], 0), 5);
  });

  it('gives the same groups for every order of the items', async () => {
    const expected = (await groupsOf()).map((group) => [group.id, ...paths(group)]);
    const forward = dataset;
    for (let seed = 1; seed <= 5; seed++) {
      dataset = permuted(forward, new Random(seed));
      const groups = await groupsOf();
      expect(groups.map((group) => [group.id, ...paths(group)])).toEqual(expected);
    }
    dataset = forward;
  });

  it.each([
    { perceptualDistance: 21, embeddingDistance: 0 },
    { perceptualDistance: 1.5, embeddingDistance: 0 },
    { perceptualDistance: 1, embeddingDistance: 2 },
    { perceptualDistance: 1, embeddingDistance: Number.NaN },
  ])('refuses %j', async (settings) => {
    await expect(groupsOf(settings)).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  it('can be cancelled', async () => {
    const signal = AbortSignal.abort();
    await expect(
      findDuplicates(dataset, PERCEPTUAL, stateOf(dataset.items, []), quietContext(signal)),
    ).rejects.toMatchObject({ code: 'cancelled' });
  });
});
