import type { Dataset } from '../dataset/dataset';
import { labelledBy } from '../dataset/labelColumns';
import type { ItemTable } from '../dataset/itemTable';
import { writeFileAtomic } from '../store/atomic';
import { fileErrorCode, files } from '../store/files';
import type { ItemPair, MeasuredProbes } from '../types/training';
import type { Insight, RowPair } from './probes';
import { readRecord, runPaths } from './runStore';

/** As kept: items by their contents, since rows change with the dataset. */
interface StoredProbes {
  readonly step: number;
  readonly probes: readonly { readonly item: string; readonly neighbours: readonly StoredPair[] }[];
  readonly strangers: readonly StoredPair[];
  readonly relatives: readonly StoredPair[];
}

type StoredPair = readonly [a: string, b: string, similarity: number];

/** Keeps what one measure showed; what was kept of later steps is of a future that will not come, and goes. */
export async function keepProbes(
  file: string,
  table: ItemTable,
  items: Int32Array,
  step: number,
  { probes, strangers, relatives }: Insight,
): Promise<void> {
  const hash = (row: number): string => table.hashes[items[row]];
  const stored = ({ rows: [a, b], similarity }: RowPair): StoredPair => [
    hash(a),
    hash(b),
    Number(similarity.toFixed(4)),
  ];
  const now: StoredProbes = {
    step,
    probes: probes.map(({ row, neighbours }) => ({ item: hash(row), neighbours: neighbours.map(stored) })),
    strangers: strangers.map(stored),
    relatives: relatives.map(stored),
  };
  const before = (await readStored(file)).filter((one) => one.step < step);
  await writeFileAtomic(file, JSON.stringify([...before, now]), { durable: false });
}

/** What the measures of a run showed, oldest first, in the rows of the dataset as it is now; items that are gone are left out. */
export async function readProbes(dataset: Dataset, run: string): Promise<MeasuredProbes[]> {
  const { step, state, settings } = await readRecord(dataset.paths, run);
  const stored = await readStored(runPaths(dataset.paths, run).probes);
  if (stored.length === 0) return [];
  const rows = new Map<string, number>();
  dataset.items.hashes.forEach((hash, item) => rows.has(hash) || rows.set(hash, item));
  const { codes } = (await labelledBy(dataset, settings.labelColumns)).items.label;
  const pairs = (all: readonly StoredPair[]): ItemPair[] =>
    all.flatMap(([first, second, similarity]) => {
      const [a, b] = [rows.get(first), rows.get(second)];
      return a === undefined || b === undefined ? [] : [{ a, b, similarity, isSame: codes[a] === codes[b] }];
    });
  return (
    stored
      // Of a run that goes on, the record is as old as its last checkpoint.
      .filter((one) => state === 'running' || one.step <= step)
      .map(({ probes, strangers, relatives, ...rest }) => ({
        ...rest,
        probes: probes.flatMap(({ item: hash, neighbours }) => {
          const item = rows.get(hash);
          return item === undefined ? [] : [{ item, neighbours: pairs(neighbours) }];
        }),
        strangers: pairs(strangers),
        relatives: pairs(relatives),
      }))
  );
}

/** None when there are none, or when the file was cut short. */
async function readStored(file: string): Promise<StoredProbes[]> {
  try {
    return JSON.parse((await files().readFile(file)).toString('utf8')) as StoredProbes[];
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || error instanceof SyntaxError) return [];
    throw error;
  }
}
