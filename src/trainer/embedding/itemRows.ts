import type { CallContext } from '../../rpc/rpc';
import type { Dataset } from '../dataset/dataset';
import { ensurePixels } from '../dataset/pixels';
import { openTexts } from '../dataset/texts';
import type { FileProblem } from '../types/dataset';
import type { Progress } from '../types/progress';
import type { Embedder } from './embedder';

/** Items of a dataset, read and embedded. */
export interface ItemRows {
  /** Files that have gone or changed since the dataset was opened. */
  readonly problems: readonly FileProblem[];
  /** One row for each of a few items. */
  of(items: readonly number[]): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Opens what the embedder reads: pixels, or texts. */
export async function openItemRows(
  dataset: Dataset,
  embedder: Embedder,
  context: CallContext<Progress>,
): Promise<ItemRows> {
  if (embedder.embedTexts !== undefined) {
    const embedTexts = embedder.embedTexts.bind(embedder);
    const texts = await openTexts(dataset, context.signal);
    return {
      problems: texts.problems,
      of: async (items) => embedTexts(await texts.read(items)),
      close: () => Promise.resolve(),
    };
  }
  const pixels = await ensurePixels(dataset, embedder.imageSize, context);
  return {
    problems: pixels.problems,
    of: async (items) => embedder.embed(await pixels.read(items), items.length),
    close: () => pixels.close(),
  };
}
