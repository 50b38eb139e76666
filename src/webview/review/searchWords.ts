import type { Modality } from '../../trainer/protocol';
import { cosineWords, DESCRIPTOR_WORDS } from './distanceWords';
import type { SearchSettings } from './search';
import { MAX_EMBEDDING, MAX_PERCEPTUAL } from './thresholds';

/** What was compared, in words. */
export function comparedWords(settings: SearchSettings, modality: Modality): string {
  const ways = ['by content'];
  if (settings.perceptualDistance >= 0)
    ways.push(
      `by ${modality === 'text' ? 'the hash of their phrases' : 'perceptual hash'} (within ${settings.perceptualDistance} bits)`,
    );
  if (settings.model !== 'none') {
    const model =
      settings.model === 'descriptor'
        ? DESCRIPTOR_WORDS[modality].toLowerCase()
        : settings.model.replace(/^run:/, 'the embedding of run ').replace(/^vectors:/, 'the vectors ');
    ways.push(`by ${model} (within ${cosineWords(settings.embeddingDistance)})`);
  }
  return ways.length === 1 ? ways[0] : `${ways.slice(0, -1).join(', ')} and ${ways.at(-1)!}`;
}

/** Settings that find more; undefined when they already find all that they can. */
export function loosened(settings: SearchSettings): SearchSettings | undefined {
  const perceptualDistance = Math.min(MAX_PERCEPTUAL, Math.max(4, settings.perceptualDistance + 4));
  const embeddingDistance = Math.min(MAX_EMBEDDING, Math.max(0.01, settings.embeddingDistance * 2));
  const same =
    perceptualDistance === settings.perceptualDistance &&
    (settings.model === 'none' || embeddingDistance === settings.embeddingDistance);
  return same ? undefined : { ...settings, perceptualDistance, embeddingDistance };
}
