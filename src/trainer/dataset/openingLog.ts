import { join } from 'node:path';
import { appendDurably } from '../store/atomic';
import { fileErrorCode, files } from '../store/files';
import { type StorePaths } from '../store/paths';
import { inSlices } from '../store/slices';
import { UnusableFile } from './fileProblem';
import { type ImageFacts } from './imageFacts';

/** What is known of a file from an earlier reading; it holds as long as size and time of change are the same. */
export interface KnownFile {
  readonly path: string;
  readonly bytes: number;
  readonly modified: number;
  readonly outcome: ImageFacts | UnusableFile;
}

/** A line of the log; the perceptual hash is in hexadecimal as JSON has no integers of 64 bits. */
type Line = { readonly path: string; readonly bytes: number; readonly modified: number } & (
  | { readonly hash: string; readonly width: number; readonly height: number; readonly perceptual: string }
  | { readonly reason: string; readonly remedy: string }
);

function logPath(paths: StorePaths): string {
  return join(paths.folder, 'opening.jsonl');
}

/** Notes what was read while a dataset is being opened, so that an interrupted opening goes on where it was. */
export async function logFiles(paths: StorePaths, known: readonly KnownFile[]): Promise<void> {
  if (known.length > 0)
    await appendDurably(logPath(paths), known.map((file) => `${JSON.stringify(toLine(file))}\n`).join(''));
}

/** What an interrupted opening has left; a torn last line is passed over. */
export async function readLog(paths: StorePaths): Promise<KnownFile[]> {
  let text: string;
  try {
    text = (await files().readFile(logPath(paths))).toString('utf8');
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
  const lines = text.split('\n');
  const known: KnownFile[] = [];
  await inSlices(lines.length, (i) => {
    const file = parse(lines[i]);
    if (file) known.push(file);
  });
  return known;
}

export async function removeLog(paths: StorePaths): Promise<void> {
  await files()
    .unlink(logPath(paths))
    .catch(() => undefined);
}

function toLine({ path, bytes, modified, outcome }: KnownFile): Line {
  if (outcome instanceof UnusableFile) return { path, bytes, modified, reason: outcome.reason, remedy: outcome.remedy };
  const { hash, width, height, perceptualHash } = outcome;
  return { path, bytes, modified, hash, width, height, perceptual: perceptualHash.toString(16) };
}

function parse(text: string): KnownFile | undefined {
  try {
    const line = JSON.parse(text) as Line;
    const { path, bytes, modified } = line;
    if ('reason' in line) return { path, bytes, modified, outcome: new UnusableFile(line.reason, line.remedy, true) };
    const { hash, width, height, perceptual } = line;
    return { path, bytes, modified, outcome: { hash, width, height, perceptualHash: BigInt(`0x${perceptual}`) } };
  } catch {
    return undefined;
  }
}
