import { writeFileAtomic } from '../store/atomic';
import { files } from '../store/files';
import { decodeSafetensors, encodeSafetensors } from '../training/safetensors';
import type { LayoutState } from './layout';

/** Where the checkpoint of a layout lies, and of what it is one: another `made` is another layout. */
export interface CheckpointPlace {
  readonly file: string;
  readonly made: string;
}

/** The checkpoint of this layout; undefined when there is none, or it cannot be read. */
export async function readCheckpoint({ file, made }: CheckpointPlace): Promise<LayoutState | undefined> {
  try {
    const { tensors, metadata } = decodeSafetensors(await files().readFile(file), file);
    if (metadata['made'] !== made) return undefined;
    const { epoch, seed } = JSON.parse(metadata['state']) as Pick<LayoutState, 'epoch' | 'seed'>;
    const arrays = Object.entries(tensors).map(([name, { data }]) => [name, data as Float32Array] as const);
    const { positions, ...rest } = Object.fromEntries(arrays);
    return { epoch, ...(seed === undefined ? {} : { seed }), positions, rest };
  } catch {
    return undefined;
  }
}

/** Atomic, so that whoever is killed while writing leaves the one before. */
export async function writeCheckpoint({ file, made }: CheckpointPlace, state: LayoutState): Promise<void> {
  const { epoch, seed, positions, rest } = state;
  const arrays = Object.entries({ positions, ...rest });
  const tensors = Object.fromEntries(arrays.map(([name, data]) => [name, { shape: [data.length], data }]));
  const metadata = { made, state: JSON.stringify({ epoch, seed }) };
  await writeFileAtomic(file, encodeSafetensors({ tensors, metadata }));
}

/** There is nothing left to go on with. */
export async function removeCheckpoint({ file }: CheckpointPlace): Promise<void> {
  await files().remove(file);
}
