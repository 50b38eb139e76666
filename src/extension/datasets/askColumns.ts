import { open } from 'node:fs/promises';
import { KindredError } from '../../rpc/errors';
import type { ManifestColumns } from '../../trainer/protocol';
import { choose, type Choice } from '../commands/ask';
import { t } from '../ui/l10n';
import { columnNames } from './manifestColumns';

/** Bytes in which a header must end. */
const HEADER = 64 * 1024;

/** Asks which column of a manifest has the paths, and which the labels and splits. */
export async function askColumns(file: string): Promise<ManifestColumns> {
  const names = columnNames(file, await firstLine(file));
  if (names.length === 0) {
    throw new KindredError('bad-input', t('The first line of {0} names no columns.', file), {
      remedy: t('Give the table a header line, or make every line a JSON object.'),
      path: file,
    });
  }
  const path = await askOptional(
    names,
    [],
    t('Which column has the paths of the files? (None: the texts are in the table.)'),
  );
  const text = path === undefined ? await askText(names) : undefined;
  const label = await askOptional(names, [path, text], t('Which column has the labels?'));
  const split = await askOptional(
    names,
    [path, text, label],
    t('Which column has the split (train, validation, test)?'),
  );
  return {
    ...(path === undefined ? {} : { path }),
    ...(text === undefined ? {} : { text }),
    ...(label === undefined ? {} : { label }),
    ...(split === undefined ? {} : { split }),
  };
}

function askText(names: readonly string[]): Promise<string> {
  return choose(
    names.map((name) => ({ label: name, value: name })),
    { title: t('Which column has the texts?') },
  );
}

function askOptional(
  names: readonly string[],
  taken: readonly (string | undefined)[],
  title: string,
): Promise<string | undefined> {
  const free = names.filter((name) => !taken.includes(name));
  const items = free.map((name): Choice<string | undefined> => ({ label: name, value: name }));
  return choose([...items, { label: t('None'), value: undefined }], { title });
}

async function firstLine(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER), 0, HEADER, 0);
    return buffer.toString('utf8', 0, bytesRead).split(/\r?\n/, 1)[0] ?? '';
  } finally {
    await handle.close();
  }
}
