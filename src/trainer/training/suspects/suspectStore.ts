import path from 'node:path';
import { KindredError } from '../../../rpc/errors';
import type { Dataset } from '../../dataset/dataset';
import { writeFileAtomic } from '../../store/atomic';
import { fileErrorCode, files } from '../../store/files';
import type { StorePaths } from '../../store/paths';
import type { ItemRef } from '../../types/curation';
import type { TrainingSettings } from '../../types/training';
import type { Suspect, SuspectList } from '../../types/suspects';
import { readRecord, runPaths } from '../runStore';

/** What suspects.json holds: items by their content, as the dataset may change. */
interface StoredSuspects extends Pick<SuspectList, 'threshold' | 'items'> {
  readonly suspects: readonly (Omit<Suspect, 'item'> & { readonly hash: string })[];
  /** By label; lists of older versions have none. */
  readonly exemplars?: Readonly<Record<string, readonly ItemRef[]>>;
}

function fileOf(paths: StorePaths, run: string): string {
  return path.join(runPaths(paths, run).folder, 'suspects.json');
}

export async function writeSuspects(paths: StorePaths, run: string, found: StoredSuspects): Promise<void> {
  await writeFileAtomic(fileOf(paths, run), `${JSON.stringify(found, undefined, 1)}\n`);
}

/**
 * The suspected labels that a run has found, in the dataset as it is now: items that are gone, or have got another label since, are
 * left out.
 * @throws KindredError `not-found` when there is no such run, or it did not look for any
 */
export async function readSuspects(dataset: Dataset, run: string): Promise<SuspectList> {
  const { settings } = await readRecord(dataset.paths, run);
  const file = fileOf(dataset.paths, run);
  const text = await files()
    .readFile(file)
    .catch((cause: unknown) => {
      if (fileErrorCode(cause) !== 'ENOENT') throw cause;
      throw new KindredError('not-found', `The run ${run} has no list of suspected labels.`, {
        remedy: remedyOf(settings),
        path: file,
        cause,
      });
    });
  const { exemplars = {}, suspects, ...measured } = JSON.parse(text.toString('utf8')) as StoredSuspects;
  const standing = (label: string, refs: readonly ItemRef[]): number[] =>
    refs.flatMap((ref) => present(dataset, { ...ref, label }) ?? []);
  return {
    run,
    ...measured,
    suspects: suspects.flatMap(({ hash, ...suspect }) => {
      const item = present(dataset, { ...suspect, hash });
      return item === undefined ? [] : [{ ...suspect, item, path: dataset.items.paths[item] }];
    }),
    exemplars: Object.fromEntries(Object.entries(exemplars).map(([label, refs]) => [label, standing(label, refs)])),
  };
}

function remedyOf({ labelColumns, loss, model }: TrainingSettings): string {
  if (loss.kind !== 'sub-centre-arcface') return 'Train with the loss sub-centre-arcface, which makes one.';
  if (labelColumns !== undefined)
    return "It was trained by other columns than the dataset's label, the only one that a review can change: train without labelColumns.";
  if (model?.kind === 'linear' && model.method !== 'gradient')
    return `Its layer was made by the method ${model.method}, without the loss: train with the method gradient.`;
  return 'It is made at the end of the training: let the run go on to its end.';
}

/** The item at the path, or where the file was moved to; undefined when it is gone or has another label. */
function present({ items }: Dataset, ref: ItemRef & { readonly label: string }): number | undefined {
  const copies = itemsByHash(items.hashes).get(ref.hash) ?? [];
  const item = copies.find((copy) => items.paths[copy] === ref.path) ?? copies.at(0);
  return item !== undefined && items.label.categories[items.label.codes[item]] === ref.label ? item : undefined;
}

const known = new WeakMap<readonly string[], ReadonlyMap<string, readonly number[]>>();

function itemsByHash(hashes: readonly string[]): ReadonlyMap<string, readonly number[]> {
  let found = known.get(hashes);
  if (found === undefined) {
    const map = new Map<string, number[]>();
    hashes.forEach((hash, item) => {
      const same = map.get(hash);
      if (same) same.push(item);
      else map.set(hash, [item]);
    });
    known.set(hashes, (found = map));
  }
  return found;
}
