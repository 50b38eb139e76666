import type { Projection, ProjectionSettings } from '../../trainer/protocol';
import { USUAL } from './projectionFields';

/** Where a new arrangement begins: where the images lie now, along the two widest directions, or by the graph of neighbours. */
export type MapStart = 'shown' | 'principal' | 'spectral';

/**
 * Where the map that is shown can be gone on from: positions of one's own columns are not kept, a new seed asks for another map, and a
 * flat map says nothing of space.
 */
export function startSettings(
  settings: ProjectionSettings,
  begin: MapStart,
  shown: Projection | undefined,
): ProjectionSettings {
  const { like, ...rest } = settings;
  const plain: ProjectionSettings = { ...rest, start: 'spectral' };
  if (settings.kind === 'pca' || settings.kind === 'columns' || begin === 'spectral') return plain;
  if (begin === 'principal') return { ...rest, start: 'principal' };
  if (shown === undefined) return like === undefined ? plain : { ...plain, like };
  if (isSame(plain, shown.settings)) return shown.settings;
  const { kind, seed, dims = 2 } = shown.settings;
  const isOther = kind === 'columns' || seed !== settings.seed || dims !== (settings.dims ?? 2);
  return isOther ? plain : { ...plain, like: shown.id };
}

function isSame(plain: ProjectionSettings, shown: ProjectionSettings): boolean {
  const names = [
    'kind',
    'dims',
    'neighbours',
    'minDist',
    'spread',
    'perplexity',
    'metric',
    'implementation',
    'seed',
  ] as const;
  const usual: Partial<ProjectionSettings> = { ...USUAL, dims: 2, implementation: 'kernels' };
  return names.every((name) => (plain[name] ?? usual[name]) === (shown[name] ?? usual[name]));
}
