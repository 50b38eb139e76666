import type { ConvnetSize, ModelSettings } from '../types/training';

/** Channels of the last stage of the convolutional networks. */
export const LAST_CHANNELS: Readonly<Record<ConvnetSize | 'separable', number>> = {
  small: 256,
  medium: 256,
  large: 512,
  separable: 256,
};

/** How many numbers a network without a head gives for a picture; none when it has a head of any size. */
export function featureSize(model: ModelSettings): number | undefined {
  if (!('head' in model) || model.head !== 'none') return undefined;
  switch (model.kind) {
    case 'convnet':
      return LAST_CHANNELS[model.size ?? 'small'];
    case 'separable':
      return LAST_CHANNELS.separable;
    case 'vit':
    case 'ngram-bag':
    case 'text-convnet':
      return model.width;
  }
}

/** Stages of the network on bytes, each of which halves the text. */
export const TEXT_STAGES = 3;

/** By how much the network on bytes shortens a text; its length can be divided by it. */
export const TEXT_STRIDE = 2 ** TEXT_STAGES;
