import { KindredError } from '../../rpc/errors';
import type { ProjectionSettings } from '../types/embedding';

/** @throws KindredError `invalid-argument` that names the setting and what it may be */
export function checkProjectionSettings({ kind, neighbours, minDist, seed }: ProjectionSettings): void {
  // What comes over a border may be anything, whatever its type says.
  if (!(['umap', 'pca'] as string[]).includes(kind)) throw wrong('kind', kind, '"umap" or "pca"');
  if (!Number.isInteger(neighbours) || neighbours < 2 || neighbours > 200)
    throw wrong('neighbours', neighbours, 'a whole number from 2 to 200');
  if (!(minDist >= 0 && minDist <= 1)) throw wrong('minDist', minDist, 'a number from 0 to 1');
  if (!Number.isSafeInteger(seed) || seed < 0) throw wrong('seed', seed, 'a whole number from 0');
}

function wrong(name: string, value: string | number, allowed: string): KindredError {
  return new KindredError('invalid-argument', `A projection cannot have ${name} ${value}.`, {
    remedy: `Set ${name} to ${allowed}.`,
  });
}

/** Safe as a file name, and readable. */
export function projectionId(embedding: string, { kind, neighbours, minDist, seed }: ProjectionSettings): string {
  return kind === 'pca' ? `${embedding}-pca` : `${embedding}-umap-n${neighbours}-d${minDist}-s${seed}`;
}
