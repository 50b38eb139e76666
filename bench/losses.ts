/**
 * The table of losses and miners: every loss with the miners that make sense for it, as many steps and pictures for each, measured on what
 * was held out. `npm run bench:losses -- [--dataset sample|fashion] [--folder F] [--steps N] [--seeds K] [--size S] [--per-class N (of fashion)] [--only PATTERN] [--settings JSON]
 * [--out FOLDER]`. What was measured is kept in a .jsonl in the folder, so that an interrupted table goes on; the table is printed.
 */
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Dataset } from '../src/trainer/dataset/dataset';
import type { Engine } from '../src/trainer/engine/engine';
import { onnxEngine } from '../src/trainer/engine/onnxEngine';
import { suggestTraining } from '../src/trainer/training/suggest';
import type { TrainingSettings } from '../src/trainer/types/training';
import { openFashion, openSample } from './losses/data';
import { measured, trained } from './losses/measured';
import { type Budget, type Row, ROWS, settingsOf } from './losses/rows';
import { type Entry, markdown } from './losses/markdown';

const PLACES = {
  sample: { folder: 'sample', classes: 32, perClass: 2 },
  fashion: { folder: '/usr/share/datasets/fashion-mnist', classes: 10, perClass: 6 },
} as const;

const { values } = parseArgs({
  options: {
    dataset: { type: 'string', default: 'sample' },
    folder: { type: 'string' },
    steps: { type: 'string', default: '200' },
    seeds: { type: 'string', default: '1' },
    size: { type: 'string', default: '32' },
    'per-class': { type: 'string' },
    only: { type: 'string', default: '' },
    settings: { type: 'string', default: '{}' },
    out: { type: 'string', default: 'node_modules/.cache/kindred-losses' },
  },
});

/** What was measured, a line each, by what was trained: changed settings are measured again. */
class Results {
  private constructor(
    private readonly file: string,
    private readonly known: Map<string, Entry>,
  ) {}

  static async open(file: string): Promise<Results> {
    const text = await readFile(file, 'utf8').catch(() => '');
    const lines = text.split('\n').filter((line) => line.endsWith('}'));
    return new Results(
      file,
      new Map(lines.map((line) => JSON.parse(line) as Entry).map((entry) => [entry.key, entry])),
    );
  }

  async get(key: string, measure: () => Promise<Omit<Entry, 'key'>>): Promise<Entry> {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const entry = { key, ...(await measure()) };
    await appendFile(this.file, `${JSON.stringify(entry)}\n`);
    console.error(`${entry.name} ${entry.miner} (seed ${entry.seed}): Recall@1 ${entry.recallAt1.toFixed(3)}`);
    return entry;
  }
}

interface Table {
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly results: Results;
  readonly budget: Budget;
  readonly out: string;
}

async function baselineEntries({ dataset, results }: Table, base: TrainingSettings): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const model of ['pixels', 'descriptor'] as const) {
    const name = model === 'pixels' ? 'raw pixels' : 'descriptors';
    const key = JSON.stringify([model, base.seed, base.holdOut, base.holdOutFraction]);
    const measure = async (): Promise<Omit<Entry, 'key'>> => ({
      ...{ name, miner: '', seed: base.seed },
      ...(await measured(dataset, model, base)),
    });
    entries.push(await results.get(key, measure));
  }
  return entries;
}

async function rowEntry({ dataset, engine, results, budget, out }: Table, row: Row, seed: number): Promise<Entry> {
  const wish = row.preset === undefined ? { network: true } : { preset: row.preset };
  const { settings: suggested } = await suggestTraining(dataset, wish);
  const settings = settingsOf(row, suggested, budget, seed, JSON.parse(values.settings) as object);
  const unlabelled = row.unlabelled === true;
  return results.get(JSON.stringify([unlabelled, settings]), async () => ({
    ...{ name: row.name, miner: row.miner, seed },
    ...(await trained(dataset, settings, engine, { out, unlabelled })),
  }));
}

async function main(): Promise<void> {
  const place = PLACES[values.dataset as keyof typeof PLACES];
  const out = path.resolve(values.out);
  const only = new RegExp(values.only);
  await mkdir(out, { recursive: true });
  const folder = values.folder ?? place.folder;
  const perClass = values['per-class'];
  const few = perClass === undefined ? '' : `-${perClass}`;
  const table: Table = {
    dataset: await (values.dataset === 'fashion'
      ? openFashion(folder, out, perClass === undefined ? undefined : Number(perClass))
      : openSample(folder, out)),
    engine: await onnxEngine(),
    results: await Results.open(path.join(out, `${values.dataset}${few}.jsonl`)),
    budget: {
      imageSize: Number(values.size),
      batch: { classes: place.classes, perClass: place.perClass },
      budget: { steps: Number(values.steps) },
    },
    out,
  };
  const entries: Entry[] = [];
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    const { settings } = await suggestTraining(table.dataset, { network: true });
    entries.push(...(await baselineEntries(table, { ...settings, seed })));
    for (const row of ROWS.filter(({ name, miner }) => only.test(`${name} ${miner}`))) {
      entries.push(await rowEntry(table, row, seed));
    }
  }
  console.log(markdown(entries));
}

void main().then(() => process.exit(0));
