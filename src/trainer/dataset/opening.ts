import { join } from 'node:path';
import { throwIfCancelled } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import { FILES_AT_ONCE, mapConcurrently } from '../store/concurrency';
import { type StorePaths } from '../store/paths';
import { ProgressMeter } from '../store/progressMeter';
import { inSlices } from '../store/slices';
import type { FileProblem } from '../types/dataset';
import type { Progress } from '../types/progress';
import { FileChecker, type CheckedFile } from './fileCheck';
import { UnusableFile } from './fileProblem';
import { FIRST_SIZE, readImage } from './imageFacts';
import { type ItemRecord, type MetadataColumn } from './itemTable';
import { type ListedFile, type Listing } from './listing';
import { logFiles, type KnownFile } from './openingLog';
import { PixelFile, type PixelRow } from './pixelFile';
import { readTextFacts, textFacts } from './textFacts';

/** Files between two saves: little is lost by an interruption, and waiting for the disk is rare. */
const BATCH = 1024;
/** Looking at a file is all waiting. */
const CHECKS_AT_ONCE = 32;

export interface OpenedFiles {
  readonly records: readonly ItemRecord[];
  readonly metadata: readonly MetadataColumn[];
  readonly problems: readonly FileProblem[];
  /** Files whose content is at fault, so that they need not be read again. */
  readonly rejected: readonly KnownFile[];
}

/**
 * Looks at every listed file and reads those that are not `known` or have changed since. What has been read is saved as it goes,
 * also when the work is cancelled.
 */
export async function openFiles(
  paths: StorePaths,
  listing: Listing,
  known: ReadonlyMap<string, KnownFile>,
  context: CallContext<Progress>,
): Promise<OpenedFiles> {
  const checked = await checkFiles(paths.root, listing, context);
  const pixels = listing.modality === 'image' ? await PixelFile.open(paths.pixels, FIRST_SIZE) : undefined;
  try {
    const outcomes: Outcome[] = [];
    await inSlices(checked.length, (i) => {
      // A row has no time of change; its text is here already.
      const isRow = listing.files[i].text !== undefined;
      outcomes.push(isRow ? undefined : recall(checked[i], known, pixels));
    });
    await readMissing({ paths, listing, pixels }, checked, outcomes, context);
    return await gather(listing, checked, outcomes);
  } finally {
    await pixels?.close();
  }
}

/** Where the files of an opening are, and where what was read of them goes; texts have no pixels. */
interface Opening {
  readonly paths: StorePaths;
  readonly listing: Listing;
  readonly pixels: PixelFile | undefined;
}

function unitOf({ modality }: Listing): string {
  return `${modality}s`;
}

type Outcome = KnownFile | UnusableFile | undefined;

async function checkFiles(
  root: string,
  listing: Listing,
  context: CallContext<Progress>,
): Promise<(CheckedFile | UnusableFile)[]> {
  const checker = await FileChecker.of(root);
  const meter = new ProgressMeter(context.report, 'Looking at files', listing.files.length, unitOf(listing));
  const check = async (file: ListedFile): Promise<CheckedFile | UnusableFile> => {
    meter.add();
    if (file.text !== undefined) return { path: file.path, bytes: Buffer.byteLength(file.text), modified: 0 };
    return checker.check(file.path).catch(unusable);
  };
  return mapConcurrently(listing.files, CHECKS_AT_ONCE, check, context.signal);
}

function unusable(error: unknown): UnusableFile {
  if (error instanceof UnusableFile) return error;
  throw error;
}

function recall(
  file: CheckedFile | UnusableFile,
  known: ReadonlyMap<string, KnownFile>,
  pixels: PixelFile | undefined,
): Outcome {
  if (file instanceof UnusableFile) return file;
  const before = known.get(file.path);
  if (before?.bytes !== file.bytes || before.modified !== file.modified) return undefined;
  if (before.outcome instanceof UnusableFile) return before;
  return pixels !== undefined && pixels.rowOf(before.outcome.hash) === undefined ? undefined : before;
}

async function readMissing(
  opening: Opening,
  checked: readonly (CheckedFile | UnusableFile)[],
  outcomes: Outcome[],
  context: CallContext<Progress>,
): Promise<void> {
  const wanted: number[] = [];
  await inSlices(outcomes.length, (i) => {
    if (outcomes[i] === undefined) wanted.push(i);
  });
  const unit = unitOf(opening.listing);
  const meter = new ProgressMeter(context.report, `Reading ${unit}`, wanted.length, unit);
  let saving: Promise<void> = Promise.resolve();
  for (let from = 0; from < wanted.length; from += BATCH) {
    const rows: PixelRow[] = [];
    const read: KnownFile[] = [];
    await mapConcurrently(wanted.slice(from, from + BATCH), FILES_AT_ONCE, async (i) => {
      if (context.signal.aborted) return; // What is done of this batch is still saved.
      const outcome = await readOne(opening, i, checked[i] as CheckedFile, rows);
      outcomes[i] = outcome;
      if ('outcome' in outcome && opening.listing.files[i].text === undefined) read.push(outcome);
      meter.add();
    });
    await saving; // One save at a time, while the next batch is being read.
    saving = save(opening, rows, read);
    saving.catch(() => undefined); // It is awaited below; until then its failure is not an unhandled one.
    if (context.signal.aborted) break;
  }
  await saving;
  throwIfCancelled(context.signal);
}

/** A problem that may pass by itself (no right to read, a disk that hangs) is not kept. */
async function readOne(
  { paths, listing }: Opening,
  index: number,
  file: CheckedFile,
  rows: PixelRow[],
): Promise<KnownFile | UnusableFile> {
  const { text } = listing.files[index];
  try {
    if (text !== undefined) return { ...file, outcome: await textFacts(text) };
    if (listing.modality === 'text')
      return { ...file, outcome: await readTextFacts(join(paths.root, file.path), file.bytes) };
    const { pixels, ...facts } = await readImage(join(paths.root, file.path), file.bytes);
    rows.push({ hash: facts.hash, pixels });
    return { ...file, outcome: facts };
  } catch (error) {
    const failure = unusable(error);
    return failure.lasting ? { ...file, outcome: failure } : failure;
  }
}

/** Pixels first: a file counts as read only when they are there. */
async function save({ paths, pixels }: Opening, rows: PixelRow[], read: readonly KnownFile[]): Promise<void> {
  await pixels?.append(rows);
  await logFiles(paths, read);
}

async function gather(
  listing: Listing,
  checked: readonly (CheckedFile | UnusableFile)[],
  outcomes: readonly Outcome[],
): Promise<OpenedFiles> {
  const records: ItemRecord[] = [];
  const problems: FileProblem[] = [...listing.problems];
  const rejected: KnownFile[] = [];
  const metadata = listing.metadata.map(({ name }) => ({ name, values: [] as string[] }));
  await inSlices(outcomes.length, (i) => {
    const { path, label, split } = listing.files[i];
    const outcome = outcomes[i]!;
    if (outcome instanceof UnusableFile) {
      problems.push(checked[i] instanceof UnusableFile ? problemOfRow(listing, i, outcome) : outcome.at(path));
    } else if (outcome.outcome instanceof UnusableFile) {
      problems.push(outcome.outcome.at(outcome.path));
      rejected.push(outcome);
    } else {
      records.push({
        path: outcome.path,
        label,
        split,
        bytes: outcome.bytes,
        modified: outcome.modified,
        facts: outcome.outcome,
      });
      metadata.forEach(({ values }, column) => void values.push(listing.metadata[column].values[i]));
    }
  });
  return { records, metadata, problems, rejected };
}

/** What a manifest names and is not there is a problem of its line. */
function problemOfRow({ source, files }: Listing, index: number, problem: UnusableFile): FileProblem {
  const { path, line } = files[index];
  if (source.kind !== 'manifest' || line === undefined) return problem.at(path);
  return { path: `${source.path}:${line}`, reason: `names "${path}", which ${problem.reason}`, remedy: problem.remedy };
}
