import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Dataset, openDataset } from '../../../src/trainer/dataset/dataset';
import { labelColumnsOf, labelledBy } from '../../../src/trainer/dataset/labelColumns';
import { evaluate } from '../../../src/trainer/evaluation/evaluate';
import { Random } from '../../../src/trainer/random';
import { chooseHeldOut } from '../../../src/trainer/training/heldOut';
import { configurationProblems, problemsIn } from '../../../src/trainer/training/configuration';
import { readProbes } from '../../../src/trainer/training/probeStore';
import { resumeRun, trainRun } from '../../../src/trainer/training/run';
import { readMetrics } from '../../../src/trainer/training/runStore';
import { checkSettings, DEFAULT_LOSSES, settingsProblems } from '../../../src/trainer/training/settings';
import { suggestTraining } from '../../../src/trainer/training/suggest';
import { superviseBy } from '../../../src/trainer/training/supervision';
import { readSuspects } from '../../../src/trainer/training/suspects/suspectStore';
import { SAMPLINGS } from '../../../src/trainer/types/sampling';
import { cancelledWhen, quickSettings, quiet } from './shapes';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const SHAPES = ['circle', 'ring', 'square'];
const COLOURS = ['red', 'green', 'blue', 'black'];
const EACH = 6;

let root: string;
let dataset: Dataset;
/** Of each item of the manifest, in its order. */
const rows: { shape: string; colour: string; maker: string }[] = [];

/** A shape in a colour at some place. */
function draw(shape: string, colour: string, random: Random): Promise<Buffer> {
  const [x, y, size] = [12 + random.integer(8), 12 + random.integer(8), 6 + random.integer(4)];
  const drawn = {
    circle: `<circle cx="${x}" cy="${y}" r="${size}" fill="${colour}"/>`,
    ring: `<circle cx="${x}" cy="${y}" r="${size}" fill="none" stroke="${colour}" stroke-width="3"/>`,
    square: `<rect x="${x - size}" y="${y - size}" width="${2 * size}" height="${2 * size}" fill="${colour}"/>`,
  }[shape];
  return sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32">${drawn}</svg>`))
    .flatten({ background: 'white' })
    .png()
    .toBuffer();
}

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'kindred-columns-'));
  const random = new Random(1);
  const lines = ['path,class,colour,maker,weight,note'];
  for (const shape of SHAPES) {
    for (const colour of COLOURS) {
      for (let i = 0; i < EACH; i++) {
        const file = `${shape} ${colour} ${i}.png`;
        await writeFile(path.join(root, file), await draw(shape, colour, random));
        const maker = i === 0 ? '' : ['a', 'b / c'][i % 2];
        rows.push({ shape, colour, maker });
        lines.push(`${file},${shape},${colour}, ${maker} ,${1 + (i % 2) / 2},photo ${rows.length}`);
      }
    }
  }
  await writeFile(path.join(root, 'items.csv'), `${lines.join('\n')}\n`);
  dataset = await openDataset({ root }, { manifest: { path: 'items.csv' } }, quiet());
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('the columns of a manifest', () => {
  it('look like labels when their values repeat and are not measured', async () => {
    expect(await labelColumnsOf(dataset)).toEqual([
      { name: 'class', classes: 3, items: 72 },
      { name: 'colour', classes: 4, items: 72 },
      { name: 'maker', classes: 2, items: 60 },
    ]);
  });

  it.each([[['colour']], [['class', 'colour']], [['maker', 'colour', 'class']]] as const)(
    'make items the same that agree in all of %j, and none of an item that lacks one',
    async (names) => {
      const { items, summary } = await labelledBy(dataset, names);
      const valuesOf = (item: number): string[] => names.map((name) => rows[item][name === 'class' ? 'shape' : name]);
      const { codes, categories } = items.label;
      rows.forEach((_, a) => {
        const lacks = valuesOf(a).includes('');
        expect(codes[a] < 0).toBe(lacks);
        if (!lacks) expect(categories[codes[a]]).toBe(valuesOf(a).join(' / '));
        rows.forEach((__, b) => {
          if (codes[a] < 0 || codes[b] < 0) return;
          expect(codes[a] === codes[b]).toBe(valuesOf(a).every((value, i) => value === valuesOf(b)[i]));
        });
      });
      expect(summary.labels.reduce((sum, { count }) => sum + count, 0)).toBe(codes.filter((code) => code >= 0).length);
    },
  );

  it('are still those that were opened when labels come from some', async () => {
    const other = await labelledBy(dataset, ['colour']);
    expect((await labelledBy(other, ['class'])).items.label).toEqual({ ...dataset.items.label, name: 'class' });
    expect(await labelledBy(dataset, undefined)).toBe(dataset);
  });
});

describe('the levels of nested folders', () => {
  it('are columns, down to the one above the label', async () => {
    const nested = await mkdtemp(path.join(tmpdir(), 'kindred-levels-'));
    try {
      const random = new Random(2);
      for (const folder of [
        'birds/owls/snowy',
        'birds/owls/barn',
        'birds/ducks',
        'birds/geese',
        'cats/wild',
        'cats/tame',
      ]) {
        await mkdir(path.join(nested, folder), { recursive: true });
        for (const i of [0, 1])
          await writeFile(path.join(nested, folder, `${i}.png`), await draw('ring', 'red', random));
      }
      const animals = await openDataset({ root: nested }, {}, quiet());
      expect((await labelColumnsOf(animals)).map(({ name, classes }) => [name, classes])).toEqual([
        ['label', 6],
        ['folder 1', 2],
        ['folder 2', 5],
      ]);
      const { categories } = (await labelledBy(animals, ['folder 2'])).items.label;
      expect(categories).toEqual(['birds/ducks', 'birds/geese', 'birds/owls', 'cats/tame', 'cats/wild']);
      await expect(labelledBy(animals, ['genus'])).rejects.toThrow(
        /has no column "genus" .*"label", "folder 1", "folder 2"/,
      );
      const settings = { ...quickSettings('x'), sampling: 'super-class', superClass: 'folder 1' } as const;
      const batch = { classes: 2, perClass: 2, superClasses: 1 };
      const { sampler, classes } = await superviseBy(animals, { ...settings, batch }, new Set(), new Random(1));
      const topOf = (label: number): string => animals.items.paths[classes[label][0]].split('/')[0];
      // Four kinds of birds and two of cats, two at a time.
      const tops = [0, 1, 2].map((number) => new Set([...sampler.batch(number).labels].map(topOf)).size);
      expect(tops).toEqual([1, 1, 1]);
    } finally {
      await rm(nested, { recursive: true, force: true });
    }
  });
});

describe('settings that name columns', () => {
  it('are refused in every form when a column is not there, with those that are', async () => {
    const wrong = quickSettings('wrong', { labelColumns: ['colour', 'size'] });
    const message = /items\.csv has no column "size" to go by; it has "class", "colour", "maker", "weight", "note"\./;
    await expect(trainRun(dataset, wrong, quiet())).rejects.toThrow(message);
    await expect(readFile(path.join(dataset.paths.folder, 'runs', 'wrong', 'run.json'))).rejects.toThrow('ENOENT');
    expect(await problemsIn(dataset, wrong)).toMatchObject([
      { key: 'labelColumns', message: expect.stringMatching(message) },
    ]);
    const superClass = quickSettings('wrong', { sampling: 'super-class', superClass: 'size' });
    await expect(trainRun(dataset, superClass, quiet())).rejects.toThrow(message);
    expect(await problemsIn(dataset, superClass)).toMatchObject([{ key: 'superClass' }]);
    const text = '{ "training": { "batch": { "classes": 4 },\n  "labelColumns": ["size"] } }';
    expect(await configurationProblems(dataset, text)).toMatchObject([
      { key: 'training.labelColumns', start: { line: 1, character: 2 }, message: expect.stringMatching(message) },
    ]);
  });

  it('are refused by themselves when they cannot be', () => {
    const keys = (changes: object): string[] =>
      settingsProblems({ ...quickSettings(''), ...changes }).map(({ key }) => key);
    expect(keys({ labelColumns: [] })).toEqual(['labelColumns']);
    expect(keys({ labelColumns: ['a', 'a'] })).toEqual(['labelColumns']);
    expect(keys({ labelColumns: 'a' })).toEqual(['labelColumns']);
    expect(keys({ sampling: 'super-class' })).toEqual(['superClass']);
    expect(keys({ sampling: 'super-class', superClass: '' })).toEqual(['superClass']);
    const pairs = { supervision: 'pairs', loss: DEFAULT_LOSSES.contrastive };
    expect(keys({ ...pairs, sampling: 'super-class', superClass: 'a' })).toEqual(['sampling']);
    expect(keys({ batch: { classes: 2, perClass: 2, superClasses: 0 } })).toEqual(['batch.superClasses']);
    expect(keys({ labelColumns: ['a', 'b'], sampling: 'super-class', superClass: 'a' })).toEqual([]);
  });

  it('are refused when no two labels come of them, unless labels are not learned from', async () => {
    const flat = await labelledBy(dataset, ['note']);
    expect(flat.summary.labels).toHaveLength(72);
    const one = await openDataset({ root }, { manifest: { path: 'items.csv' } }, quiet());
    const same = { ...one.items.metadata[0], name: 'same', values: rows.map(() => 'x') };
    (one.items.metadata as unknown[]).push(same);
    const settings = quickSettings('one', { labelColumns: ['same'] });
    await expect(trainRun(one, settings, quiet())).rejects.toThrow(
      'All items that have a label have the same, "x", by "same".',
    );
    expect(await problemsIn(one, { ...settings, supervision: 'none' })).toEqual([]);
  });

  it.each([
    ['note', 'puts each class by itself'],
    ['weight', 'puts all classes together'],
  ])('are refused when the super-class %s does not say which classes are alike', async (superClass, found) => {
    const settings = quickSettings('alike', { labelColumns: ['class', 'colour'], sampling: 'super-class', superClass });
    await expect(trainRun(dataset, settings, quiet())).rejects.toThrow(`The super-class "${superClass}" ${found}`);
    await expect(readFile(path.join(dataset.paths.folder, 'runs', 'alike', 'run.json'))).rejects.toThrow('ENOENT');
  });

  it('are completed in kindred.json', async () => {
    const { definitions } = JSON.parse(await readFile('media/kindred.schema.json', 'utf8')) as {
      definitions: {
        training: { properties: Record<string, { enum?: string[]; enumDescriptions?: string[]; type?: string }> };
      };
    };
    const { labelColumns, sampling, superClass } = definitions.training.properties;
    expect(sampling.enum).toEqual([...SAMPLINGS]);
    expect(sampling.enumDescriptions).toHaveLength(SAMPLINGS.length);
    expect([labelColumns.type, superClass.type]).toEqual(['array', 'string']);
  });

  it('are what a suggestion is made for', async () => {
    const { settings } = await suggestTraining(dataset, { network: true, labelColumns: ['class', 'colour'] });
    expect(settings.batch.classes).toBe(12);
    const usual = await suggestTraining(dataset, { network: true });
    expect(usual.settings.batch.classes).toBe(3);
    expect(usual.reasons.join(' ')).not.toContain('look like labels');
    const unlabelled = await openDataset(
      { root },
      { manifest: { path: 'items.csv', columns: { path: 'path' } } },
      quiet(),
    );
    expect((await suggestTraining(unlabelled)).reasons.at(-1)).toBe(
      'Columns that look like labels: "class", "colour", "maker"; choose them as labelColumns to train by them.',
    );
    expect((await suggestTraining(unlabelled, { labelColumns: ['class'] })).settings.supervision).toBeUndefined();
  });
});

describe('a training by other columns', () => {
  it('holds out, learns, measures and shows its items by them', async () => {
    const settings = quickSettings('by-both', { labelColumns: ['class', 'colour'], budget: { steps: 8 } });
    const run = await trainRun(dataset, settings, quiet());
    expect(run.heldOut).toMatchObject({ by: 'class', classes: 3, items: 3 * EACH });
    const labelled = await labelledBy(dataset, settings.labelColumns);
    const held = chooseHeldOut(labelled.items, settings);
    const report = await evaluate(dataset, 'run:by-both', quiet());
    expect(report.labelColumns).toEqual(['class', 'colour']);
    expect(report.heldOut).toMatchObject({ classes: 3, items: 3 * EACH });
    const heldNames = [...new Set(Array.from(held.items, (item) => `${rows[item].shape} / ${rows[item].colour}`))];
    expect(report.classes.map(({ label }) => label).sort()).toEqual(heldNames.sort());
    expect(report.rows.find(({ model }) => model === 'run:by-both')?.recallAt1).toBeCloseTo(run.best!.recallAt1, 6);
    const probes = (await readProbes(dataset, 'by-both')).at(-1)!.probes.flatMap(({ neighbours }) => neighbours);
    expect(probes.length).toBeGreaterThan(0);
    for (const { a, b, isSame } of probes) {
      expect(isSame).toBe(rows[a].shape === rows[b].shape && rows[a].colour === rows[b].colour);
    }
    const model = await readFile(path.join(dataset.paths.folder, 'runs', 'by-both', 'model.onnx'));
    expect(model.includes('["class","colour"]')).toBe(true);
  });

  it('goes on by them, and draws by super-class from any column', async () => {
    const settings = quickSettings('straight', {
      ...{ labelColumns: ['class', 'colour'], sampling: 'super-class', superClass: 'class' },
      batch: { classes: 3, perClass: 2, superClasses: 1 },
      budget: { steps: 6 },
    });
    await trainRun(dataset, settings, quiet());
    const stopping = cancelledWhen(({ metrics }) => (metrics?.step ?? 0) >= 3);
    await expect(trainRun(dataset, { ...settings, name: 'stopped' }, stopping)).rejects.toThrow();
    const resumed = await resumeRun(dataset, 'stopped', quiet());
    expect(resumed.state).toBe('finished');
    const losses = async (name: string): Promise<number[]> =>
      (await readMetrics(dataset.paths, name)).map(({ loss }) => loss);
    expect(await losses('stopped')).toEqual(await losses('straight'));
  });

  it('suspects no labels that a review could not change', async () => {
    const settings = checkSettings(
      quickSettings('noisy', {
        ...{ features: 'descriptor', model: { kind: 'linear', method: 'gradient' }, labelColumns: ['colour'] },
        ...{ loss: DEFAULT_LOSSES['sub-centre-arcface'], holdOut: 'item', budget: { steps: 4 } },
      }),
    );
    await trainRun(dataset, settings, quiet());
    await expect(readSuspects(dataset, 'noisy')).rejects.toMatchObject({
      remedy: expect.stringContaining('train without labelColumns'),
    });
  });
});
