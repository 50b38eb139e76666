import { KindredError } from '../../rpc/errors';
import type { ManifestColumns } from '../types/dataset';

/** Usual names of columns, best first; compared without case, spaces, `_` and `-`. */
const NAMES = {
  path: ['path', 'file', 'filename', 'filepath', 'image', 'imagepath', 'imagefile', 'uri', 'img'],
  text: ['text', 'body', 'content', 'message', 'sentence', 'review', 'document', 'comment', 'caption'],
  label: ['label', 'class', 'category', 'target', 'y', 'labelname', 'classname'],
  split: ['split', 'set', 'subset', 'fold'],
} as const;

/**
 * Which columns of a manifest mean what: as given, or found by their names. What is given counts as all there is when it names the paths
 * or the texts; otherwise the rest is found. A table that names files has its texts, if any, as metadata; one that does not
 * is a dataset of its texts.
 * @throws KindredError `bad-input` that names the columns that there are.
 */
export function findColumns(
  names: readonly string[],
  columns: ManifestColumns | undefined,
  manifest: string,
): ManifestColumns {
  const given = columns ?? {};
  const list = names.map((name) => `"${name}"`).join(', ');
  for (const name of [given.path, given.text, given.label, given.split]) {
    if (name === undefined || names.includes(name)) continue;
    const message = `${manifest} has no column "${name}"; it has ${list}.`;
    throw new KindredError('bad-input', message, { remedy: 'Choose one of its columns.', path: manifest });
  }
  if (given.path !== undefined || given.text !== undefined) return given;
  const free = names.filter((name) => name !== given.label && name !== given.split);
  const path = find(free, NAMES.path);
  const text = path === undefined ? find(free, NAMES.text) : undefined;
  if (path === undefined && text === undefined) {
    const message = `${manifest} has no column for the path of the image, nor for the text; it has ${list}.`;
    const remedy =
      'Name the column "path" or "text" (the first line of a CSV file names its columns), or say which one it is.';
    throw new KindredError('bad-input', message, { remedy, path: manifest });
  }
  const label = given.label ?? find(free, NAMES.label);
  const split = given.split ?? find(free, NAMES.split);
  return {
    ...(path === undefined ? {} : { path }),
    ...(text === undefined ? {} : { text }),
    ...(label === undefined ? {} : { label }),
    ...(split === undefined ? {} : { split }),
  };
}

function find(names: readonly string[], wanted: readonly string[]): string | undefined {
  const plain = names.map((name) => name.toLowerCase().replace(/[\s_-]/g, ''));
  const index = wanted.map((name) => plain.indexOf(name)).find((found) => found >= 0);
  return index === undefined ? undefined : names[index];
}
