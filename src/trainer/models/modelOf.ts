import type { Tensor } from '@tensorflow/tfjs-core';
import type { Dtype } from '../engine/engine';
import { KindredError } from '../../rpc/errors';
import type { ModelSettings } from '../types/training';
import { convnet } from './convnet';
import { linearHead } from './linearHead';
import { mlp } from './mlp';
import type { Model } from './model';
import { ngramBag } from './ngramBag';
import { resnet } from './resnet';
import { separable } from './separable';
import { textConvnet } from './textConvnet';
import { vit } from './vit';

/** All that a network is made from. Plain data: it goes from thread to thread, and into run.json. */
export interface NetworkSettings {
  readonly model: ModelSettings;
  /** Length of an embedding. */
  readonly embeddingSize: number;
  /** Width and height in pixels of what the network sees. */
  readonly imageSize: number;
  /** Length of the vectors that the network takes instead of images; only `mlp` and `linear` do. */
  readonly vectorSize?: number;
}

/** What a network takes, of one item; the program adds the axis of the batch. */
export interface NetworkInput {
  readonly name: 'images' | 'vectors' | 'bags' | 'tokens';
  readonly shape: readonly number[];
  readonly dtype: Dtype;
}

/** A model of a given size. */
export interface Network extends Model<Tensor> {
  readonly input: NetworkInput;
}

/**
 * The network that the settings name. The same settings give the same network, in any thread.
 * @throws KindredError `invalid-argument` when the model cannot take such items.
 */
export function modelOf(settings: NetworkSettings): Network {
  const { model, embeddingSize, imageSize } = settings;
  const input = inputOf(settings);
  switch (model.kind) {
    case 'convnet':
      return { ...residual(model, embeddingSize), input };
    case 'separable':
      return { ...separable({ embeddingSize, head: model.head }), input };
    case 'vit':
      return { ...vit({ ...model, embeddingSize, imageSize }), input };
    case 'mlp':
      return { ...mlp({ ...model, embeddingSize, inputs: input.shape.reduce((a, b) => a * b, 1) }), input };
    case 'ngram-bag':
      return { ...ngramBag({ ...model, embeddingSize }), input };
    case 'text-convnet':
      return { ...textConvnet({ ...model, embeddingSize }), input };
    case 'linear':
      return { ...linearHead({ embeddingSize, inputs: input.shape.reduce((a, b) => a * b, 1) }), input };
  }
}

function residual({ size = 'small', head }: Extract<ModelSettings, { kind: 'convnet' }>, embeddingSize: number): Model {
  return size === 'small' ? convnet({ embeddingSize, head }) : resnet({ size, embeddingSize, head });
}

function inputOf({ model, imageSize, vectorSize }: NetworkSettings): NetworkInput {
  if (vectorSize === undefined && model.kind === 'ngram-bag') {
    return { name: 'bags', shape: [model.buckets], dtype: 'float32' };
  }
  if (vectorSize === undefined && model.kind === 'text-convnet') {
    return { name: 'tokens', shape: [model.length], dtype: 'int32' };
  }
  if (vectorSize === undefined) return { name: 'images', shape: [imageSize, imageSize, 3], dtype: 'float32' };
  if (model.kind === 'mlp' || model.kind === 'linear')
    return { name: 'vectors', shape: [vectorSize], dtype: 'float32' };
  throw new KindredError('invalid-argument', `The model "${model.kind}" does not take vectors.`, {
    remedy: 'Choose the model "linear" or "mlp" for vectors.',
  });
}
