/** Entry of the thread in which the neighbours of many rows are found: see `approximateGraph`. */
import { type JobProtocol, serveJob } from '../jobThread';
import { Kernels } from '../kernels/kernels';
import { readMatrix } from '../store/matrix';
import { readNpy } from '../store/npy';
import { approximateNeighbours, type ApproximateNeighbours, type ApproximateSettings } from './approximate';
import { extendNeighbours, type EarlierGraph } from './extend';

export interface NeighboursTask {
  /** Of the embedding's rows. */
  readonly file: string;
  readonly settings: ApproximateSettings;
  /** A graph to begin from, whose neighbours are in a file too. */
  readonly earlier?: (Omit<EarlierGraph, 'indices'> & { readonly file: string }) | undefined;
}

export type NeighboursJob = JobProtocol<NeighboursTask, ApproximateNeighbours>;

serveJob<NeighboursJob>(async ({ file, settings, earlier }, report) => {
  const vectors = await readMatrix(file);
  const kernels = await Kernels.start();
  const extended = earlier && extendNeighbours(kernels, vectors, settings, await readEarlier(earlier), report);
  return extended ?? approximateNeighbours(kernels, vectors, settings, report);
});

async function readEarlier({ file, ...rest }: NonNullable<NeighboursTask['earlier']>): Promise<EarlierGraph> {
  return { ...rest, indices: (await readNpy(file)).data as Int32Array };
}
