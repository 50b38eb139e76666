import { join } from 'node:path';
import type { Dataset } from '../../dataset/dataset';
import { excerpts } from '../../dataset/excerpts';
import { thumbnails } from '../../dataset/thumbnails';
import { embeddingId } from '../../embedding/embedding';
import { writeFileAtomic } from '../../store/atomic';
import type { EvaluationReport } from '../../types/evaluation';
import { type ItemLook, PICTURED } from './classSections';
import { reportPage } from './page';

/** Pixels of a picture in the report; they are shown at half of that, sharp on fine screens. */
const PICTURE_SIZE = 168;

/**
 * Writes a report as an HTML file that stands alone, with pictures of the most frequent confusions, of texts with their beginnings.
 * @param file absolute; `reports/evaluation-<model>.html` in the store when not given
 * @returns the file's path and its content
 * @throws KindredError when the file cannot be written
 */
export async function writeReport(
  dataset: Dataset,
  report: EvaluationReport,
  file?: string,
): Promise<{ readonly file: string; readonly html: string }> {
  const target = file ?? join(dataset.paths.folder, 'reports', `evaluation-${embeddingId(report.model)}.html`);
  const items = [
    ...new Set(report.confusions.slice(0, PICTURED).flatMap(({ examples: [first] }) => [first.item, first.nearest])),
  ];
  const looks = await (dataset.summary.modality === 'text' ? excerptsOf(dataset, items) : picturesOf(dataset, items));
  const html = reportPage(dataset.summary.name, report, (item) => looks.get(item));
  await writeFileAtomic(target, html);
  return { file: target, html };
}

async function picturesOf(dataset: Dataset, items: readonly number[]): Promise<Map<number, ItemLook>> {
  const pictures = await thumbnails(dataset, items, PICTURE_SIZE);
  const looks = new Map<number, ItemLook>();
  items.forEach((item, i) => {
    const bytes = pictures[i];
    if (bytes === undefined) return;
    looks.set(item, { picture: `data:image/webp;base64,${Buffer.from(bytes).toString('base64')}` });
  });
  return looks;
}

async function excerptsOf(dataset: Dataset, items: readonly number[]): Promise<Map<number, ItemLook>> {
  const texts = await excerpts(dataset, items, PICTURE_SIZE);
  const looks = new Map<number, ItemLook>();
  items.forEach((item, i) => {
    const text = texts[i];
    if (text !== undefined) looks.set(item, { text });
  });
  return looks;
}
