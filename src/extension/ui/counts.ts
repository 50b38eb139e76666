import type { Modality, QuarantineBatch } from '../../trainer/protocol';
import type { Translate } from './l10n';
import { bytes, count } from './progressText';

/** Counted nouns: VS Code's translations know no plural, so the singular is a text of its own. */

/** Images or texts, by what the dataset has. */
export function items(number: number, modality: Modality, t: Translate): string {
  if (modality === 'text') return number === 1 ? t('1 text') : t('{0} texts', count(number));
  return number === 1 ? t('1 image') : t('{0} images', count(number));
}

export function labels(number: number, t: Translate): string {
  return number === 1 ? t('1 label') : t('{0} labels', count(number));
}

export function files(number: number, t: Translate): string {
  return number === 1 ? t('1 file') : t('{0} files', count(number));
}

/** What an apply did: files that went to the quarantine, and labels that it changed. */
export function batchSize(batch: QuarantineBatch, t: Translate): string {
  const { files: number, relabelled = 0 } = batch;
  return [
    ...(number > 0 || relabelled === 0 ? [files(number, t), bytes(batch.bytes)] : []),
    ...(relabelled > 0 ? [relabelled === 1 ? t('1 label changed') : t('{0} labels changed', count(relabelled))] : []),
  ].join(', ');
}

export function unusableFiles(number: number, t: Translate): string {
  return number === 1 ? t('1 file cannot be used') : t('{0} files cannot be used', count(number));
}

export function minutes(number: number, t: Translate): string {
  return number === 1 ? t('1 minute') : t('{0} minutes', number);
}
