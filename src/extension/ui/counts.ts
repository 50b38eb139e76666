import type { Translate } from './l10n';
import { count } from './progressText';

/** Counted nouns: VS Code's translations know no plural, so the singular is a text of its own. */

export function images(number: number, t: Translate): string {
  return number === 1 ? t('1 image') : t('{0} images', count(number));
}

export function labels(number: number, t: Translate): string {
  return number === 1 ? t('1 label') : t('{0} labels', count(number));
}

export function files(number: number, t: Translate): string {
  return number === 1 ? t('1 file') : t('{0} files', count(number));
}

export function unusableFiles(number: number, t: Translate): string {
  return number === 1 ? t('1 file cannot be used') : t('{0} files cannot be used', count(number));
}

export function minutes(number: number, t: Translate): string {
  return number === 1 ? t('1 minute') : t('{0} minutes', number);
}
