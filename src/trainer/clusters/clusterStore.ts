import { join } from 'node:path';
import type { Embedding } from '../embedding/embedding';
import { writeFileAtomic } from '../store/atomic';
import { files } from '../store/files';
import { readNpy, writeNpy } from '../store/npy';
import type { FoundClusters } from './worker';

/** Of the methods; raise it when the same settings give other clusters. */
const VERSION = 1;

interface Record extends Omit<FoundClusters, 'tree'> {
  readonly parents: readonly number[];
  readonly made: string;
}

/** Clusters of exactly these rows; undefined when there are none, or they cannot be read. */
export async function readClusters(
  folder: string,
  id: string,
  embedding: Embedding,
): Promise<FoundClusters | undefined> {
  const base = join(folder, id);
  try {
    const text = (await files().readFile(`${base}.json`)).toString('utf8');
    const { made, parents, ...rest } = JSON.parse(text) as Partial<Record>;
    if (made !== madeOf(embedding) || parents === undefined || rest.examples === undefined) return undefined;
    const [{ data: clusterOf }, { data: probabilities }] = await Promise.all([
      readNpy(`${base}.npy`),
      readNpy(`${base}.probabilities.npy`),
    ]);
    if (!(clusterOf instanceof Int32Array) || !(probabilities instanceof Float32Array)) return undefined;
    if (clusterOf.length !== embedding.rows || probabilities.length !== embedding.rows) return undefined;
    return { ...rest, examples: rest.examples, tree: { parents: Int32Array.from(parents), clusterOf, probabilities } };
  } catch {
    return undefined;
  }
}

/** Writes `<id>.npy` (int32, the smallest cluster of each item), `<id>.probabilities.npy` (float32) and the record. */
export async function writeClusters(
  folder: string,
  id: string,
  embedding: Embedding,
  found: FoundClusters,
): Promise<void> {
  const base = join(folder, id);
  const { tree, ...rest } = found;
  const shape = [embedding.rows];
  // Without a record the columns count as not there, so that old and new are never mixed.
  await writeFileAtomic(`${base}.json`, '{}\n');
  await writeNpy(`${base}.npy`, { data: tree.clusterOf, shape });
  await writeNpy(`${base}.probabilities.npy`, { data: tree.probabilities, shape });
  const record: Record = { ...rest, parents: [...tree.parents], made: madeOf(embedding) };
  await writeFileAtomic(`${base}.json`, `${JSON.stringify(record)}\n`);
}

function madeOf({ digest }: Embedding): string {
  return `${VERSION}/${digest}`;
}
