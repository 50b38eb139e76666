import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { project } from '../../../src/trainer/projection/project';
import type { Projection, ProjectionSettings } from '../../../src/trainer/protocol';
import { storePaths } from '../../../src/trainer/store/paths';
import { quiet } from '../embedding/emoji';
import { embeddingOf, unitRows } from '../neighbours/rows';

const SETTINGS: ProjectionSettings = { kind: 'columns', neighbours: 15, minDist: 0.1, seed: 1, columns: ['x', 'y'] };

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'kindred-columns-'));
});
afterEach(() => rm(root, { recursive: true }));

async function map(
  columns: Readonly<Record<string, readonly string[]>>,
  change: Partial<ProjectionSettings> = {},
): Promise<Projection> {
  const metadata = Object.entries(columns).map(([name, values]) => ({ name, values }));
  const count = metadata[0].values.length;
  const dataset = { paths: storePaths({ root }), items: { count, metadata } };
  return project(dataset, await embeddingOf(unitRows(count, 4, 1), 'unused.npy'), { ...SETTINGS, ...change }, quiet());
}

describe('a map from columns of the table', () => {
  it('has x to the right and y upwards, in the frame of all maps', async () => {
    const { positions, unplaced, id } = await map({ x: ['0', '10', '5'], y: ['100', '104', '102'] });
    expect([...positions]).toEqual([-1, Math.fround(0.4), 1, Math.fround(-0.4), 0, 0]);
    expect(unplaced).toBe(0);
    expect(id).toMatch(/^descriptor-columns-[0-9a-f]{8}$/);
  });

  it('takes the columns in the order that is asked for, and names the map after them', async () => {
    const columns = { a: ['0', '1'], b: ['0', '0'] };
    const across = await map(columns, { columns: ['a', 'b'] });
    const up = await map(columns, { columns: ['b', 'a'] });
    expect([...across.positions].map(Math.abs)).toEqual([1, 0, 1, 0]);
    expect([...up.positions].map(Math.abs)).toEqual([0, 1, 0, 1]);
    expect(across.id).not.toBe(up.id);
  });

  it('has a third column for the depth', async () => {
    const columns = { x: ['0', '10', '5'], y: ['0', '4', ''], z: ['-2', '2', '0'] };
    const { positions, unplaced, id } = await map(columns, { columns: ['x', 'y', 'z'], dims: 3 });
    expect(positions).toHaveLength(9);
    expect([...positions].slice(0, 6).map((value) => Math.round(10 * value) / 10)).toEqual([
      -1, 0.4, -0.4, 1, -0.4, 0.4,
    ]);
    expect(unplaced).toBe(1);
    expect(positions[7]).toBeGreaterThan(positions[1]);
    expect(positions[8]).toBeCloseTo(0, 6);
    expect(id).not.toBe((await map(columns)).id);
    await expect(map(columns, { dims: 3 })).rejects.toMatchObject({
      code: 'invalid-argument',
      remedy: expect.stringContaining('three columns'),
    });
  });

  it('lays items without numbers in a row beneath the others, and counts them', async () => {
    const { positions, unplaced } = await map({ x: ['0', '1', '', 'NaN', '1'], y: ['0', '1', '5', '2', ''] });
    expect(unplaced).toBe(3);
    const [x, y] = [0, 1].map((axis) => [...positions].filter((_, i) => i % 2 === axis));
    const placedBottom = Math.max(y[0], y[1]);
    for (const item of [2, 3, 4]) expect(y[item]).toBeGreaterThan(placedBottom);
    expect(y[1]).toBeLessThan(y[0]);
    expect(x[2]).toBeLessThan(x[3]);
    expect(x[3]).toBeLessThan(x[4]);
    expect(x.every((value) => value >= x[0] && value <= x[1])).toBe(true);
    expect(positions.every((value) => Math.abs(value) <= 1)).toBe(true);
  });

  it('refuses what cannot be, and names the columns that can', async () => {
    const columns = { x: ['1', '2'], kind: ['3', 'b'], z: ['0', ''] };
    await expect(map(columns)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: 'The dataset has no column "y".',
      remedy: 'Choose two of the columns that hold numbers: "x", "z".',
    });
    await expect(map(columns, { columns: ['x', 'kind'] })).rejects.toMatchObject({
      message: 'There are not only numbers in the column "kind".',
    });
    await expect(map({ x: ['1'], kind: ['b'] })).rejects.toMatchObject({ remedy: /^Add two columns/ });
    const none = { kind: SETTINGS.kind, neighbours: 15, minDist: 0.1, seed: 1 };
    const dataset = { paths: storePaths({ root }) };
    const refused = project(dataset, await embeddingOf(unitRows(2, 4, 1), 'unused.npy'), none, quiet());
    await expect(refused).rejects.toMatchObject({ code: 'invalid-argument', remedy: /names of two columns/ });
  });
});
