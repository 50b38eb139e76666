import { createHash } from 'node:crypto';
import { KindredError } from '../../rpc/errors';
import { NEAR_METRICS } from '../neighbours/metric';
import type { ProjectionSettings } from '../types/embedding';
import { DEFAULT_PERPLEXITY } from './projector';

const NAMES = { 2: 'the names of two columns, x and y', 3: 'the names of three columns, x, y and z' } as const;

/** @throws KindredError `invalid-argument` that names the setting and what it may be */
export function checkProjectionSettings(settings: ProjectionSettings): void {
  const { kind, dims = 2, neighbours, minDist, seed, metric, implementation, start, like, columns } = settings;
  const { spread = 1, perplexity = DEFAULT_PERPLEXITY, density = 0, supervision = 0 } = settings;
  // What comes over a border may be anything, whatever its type says.
  if (!(['umap', 'tsne', 'pca', 'columns'] as string[]).includes(kind))
    throw wrong('kind', kind, '"umap", "tsne", "pca" or "columns"');
  if (![2, 3].includes(dims)) throw wrong('dims', dims, '2 (flat) or 3 (space)');
  if (kind === 'columns' && columns?.length !== dims)
    throw wrong('columns', JSON.stringify(columns ?? []), NAMES[dims]);
  if (!Number.isInteger(neighbours) || neighbours < 2 || neighbours > 200)
    throw wrong('neighbours', neighbours, 'a whole number from 2 to 200');
  if (!(spread >= 0.1 && spread <= 10)) throw wrong('spread', spread, 'a number from 0.1 to 10');
  if (!(minDist >= 0 && minDist <= spread)) throw wrong('minDist', minDist, `a number from 0 to the spread, ${spread}`);
  if (!(perplexity >= 2 && perplexity <= 200)) throw wrong('perplexity', perplexity, 'a number from 2 to 200');
  if (!(density >= 0 && density <= 10)) throw wrong('density', density, 'a number from 0 to 10');
  if (density > 0 && implementation === 'umap-js')
    throw wrong('density', density, '0, or leave out the implementation "umap-js", which does not look at densities');
  if (!(supervision >= 0 && supervision <= 1)) throw wrong('supervision', supervision, 'a number from 0 to 1');
  if (metric !== undefined && !NEAR_METRICS.includes(metric)) throw wrong('metric', metric, '"cosine" or "euclidean"');
  if (start !== undefined && !(['principal', 'spectral'] as string[]).includes(start))
    throw wrong('start', start, '"principal" or "spectral"');
  if (like !== undefined && !/^[\w.-]+$/.test(like)) throw wrong('like', like, 'the id of a stored projection');
  if (implementation !== undefined && !(['kernels', 'umap-js'] as string[]).includes(implementation))
    throw wrong('implementation', implementation, '"kernels" or "umap-js"');
  if (!Number.isSafeInteger(seed) || seed < 0) throw wrong('seed', seed, 'a whole number from 0');
}

function wrong(name: string, value: string | number, allowed: string): KindredError {
  return new KindredError('invalid-argument', `A projection cannot have ${name} ${value}.`, {
    remedy: `Set ${name} to ${allowed}.`,
  });
}

/** For names of maps that would grow without end, or that a file cannot have. */
function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

function termsOf({ density = 0, supervision = 0 }: ProjectionSettings): string {
  return `${density === 0 ? '' : `-density${density}`}${supervision === 0 ? '' : `-labels${supervision}`}`;
}

/** Safe as a file name, and readable: of settings that are as usual only the kind's own are named. */
export function projectionId(embedding: string, settings: ProjectionSettings): string {
  const { kind, neighbours, minDist, seed, metric = 'cosine', spread = 1, implementation = 'kernels' } = settings;
  const space = settings.dims === 3 ? '-3d' : '';
  if (kind === 'pca') return `${embedding}-pca${space}`;
  if (kind === 'columns') return `${embedding}-columns-${shortHash(JSON.stringify(settings.columns))}`;
  const own =
    kind === 'tsne'
      ? `p${settings.perplexity ?? DEFAULT_PERPLEXITY}`
      : `n${neighbours}-d${minDist}${spread === 1 ? '' : `-w${spread}`}${termsOf(settings)}`;
  const { start = 'spectral', like } = settings;
  const from =
    like === undefined ? (start === 'spectral' || kind === 'tsne' ? '' : `-${start}`) : `-like-${shortHash(like)}`;
  const rest = [
    from,
    metric === 'cosine' ? '' : `-${metric}`,
    implementation === 'kernels' ? '' : `-${implementation}`,
  ];
  return `${embedding}-${kind}-${own}-s${seed}${space}${rest.join('')}`;
}
