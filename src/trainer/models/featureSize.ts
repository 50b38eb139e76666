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
      return model.width;
  }
}
