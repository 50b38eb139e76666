import type { Batch, BatchSource } from '../batches';
import type { Sampler } from '../sampler';
import { type FrozenFeatures, gatherRows } from './frozenFeatures';

/** Batches of rows, made when they are asked for: copying them takes no time worth a thread. */
export class VectorBatches implements BatchSource {
  /** @param nextNumber number of the first batch that `next` gives. */
  constructor(
    private readonly sampler: Sampler,
    private readonly features: FrozenFeatures,
    private nextNumber: number,
  ) {}

  prefetch(): void {
    // Nothing is waited for.
  }

  next(): Promise<Batch> {
    const { items, ...known } = this.sampler.batch(this.nextNumber++);
    return Promise.resolve({ values: gatherRows(this.features, items), ...known });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
