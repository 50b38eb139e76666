import type { Tensor } from '@tensorflow/tfjs-core';
import type { Dtype } from '../engine/engine';
import type { ModelSettings } from '../types/training';
import { convnet } from './convnet';
import type { Model } from './model';

/** All that a network is made from. Plain data: it goes from thread to thread, and into run.json. */
export interface NetworkSettings {
  readonly model: ModelSettings;
  /** Length of an embedding. */
  readonly embeddingSize: number;
  /** Width and height in pixels of what the network sees. */
  readonly imageSize: number;
}

/** What a network takes, of one item; the program adds the axis of the batch. */
export interface NetworkInput {
  readonly name: 'images';
  readonly shape: readonly number[];
  readonly dtype: Dtype;
}

/** A model of a given size. */
export interface Network extends Model<Tensor> {
  readonly input: NetworkInput;
}

/** The network that the settings name. The same settings give the same network, in any thread. */
export function modelOf({ embeddingSize, imageSize }: NetworkSettings): Network {
  return { ...convnet({ embeddingSize }), input: imagesOf(imageSize) };
}

function imagesOf(size: number): NetworkInput {
  return { name: 'images', shape: [size, size, 3], dtype: 'float32' };
}
