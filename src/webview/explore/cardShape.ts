import type { Modality } from '../../trainer/protocol';
import type { CellShape } from '../shell';

/** Lines of an excerpt that a card has room for, in pixels. */
const EXCERPT = 62;

/** Cells of a gallery: square pictures side by side, or excerpts wide enough to be read, with `below` pixels of words under each. */
export function cardShape(modality: Modality, below: number): CellShape {
  if (modality === 'text') return { cellWidth: 210, cellHeight: () => EXCERPT + 22 };
  return { cellWidth: 68, cellHeight: (width) => width + below };
}

/** Class of a card, for the look of its words. */
export function cardClass(modality: Modality, more = ''): string {
  return ['card', ...(modality === 'text' ? ['card-text'] : []), more].filter((name) => name !== '').join(' ');
}
