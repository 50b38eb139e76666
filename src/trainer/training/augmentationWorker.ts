/** Worker thread: makes the augmented pictures of a batch, ahead of the step that needs them. */
import { parentPort } from 'node:worker_threads';
import { Random } from '../random';
import type { AugmentationSettings } from '../types/training';
import { augment } from './augmentation/augment';

export interface AugmentationRequest {
  readonly batch: number;
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly size: number;
  readonly settings: AugmentationSettings;
  /** State of the batch's own generator, so that the result does not depend on what was made before. */
  readonly random: number[];
}

export interface AugmentationReply {
  readonly batch: number;
  readonly images: Float32Array<ArrayBuffer>;
}

parentPort?.on('message', ({ batch, pixels, size, settings, random }: AugmentationRequest) => {
  const images = augment(pixels, size, settings, Random.restore(random));
  const reply: AugmentationReply = { batch, images };
  parentPort?.postMessage(reply, [images.buffer]);
});
