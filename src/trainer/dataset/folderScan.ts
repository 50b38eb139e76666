import { type Dirent } from 'node:fs';
import { join, resolve } from 'node:path';
import { throwIfCancelled } from '../../rpc/errors';
import { files } from '../store/files';
import { isInside, QUARANTINE_FOLDER } from '../store/paths';
import { inSlices } from '../store/slices';
import type { FileProblem } from '../types/dataset';
import { outside, UnusableFile } from './fileProblem';
import { hasImageName } from './imageFormat';
import { toUnusable } from './imageReader';
import { hasTextName } from './textFormat';

const SKIPPED = new Set([QUARANTINE_FOLDER, 'node_modules', '__MACOSX']);

export interface FolderScan {
  /** Images by their names, relative to the root, with forward slashes, in no particular order. */
  readonly paths: string[];
  /** Texts by their names; they count among the `ignored`. */
  readonly texts: string[];
  readonly problems: FileProblem[];
  /** Files that are not images by their names. */
  ignored: number;
}

/** A folder to look into: its path relative to the root, and the real paths of the folders that lead to it. */
interface Place {
  readonly path: string;
  readonly real: string;
  readonly above: readonly string[];
}

/**
 * Finds every image in a folder and the folders in it. Hidden files and folders, the quarantine, node_modules and `store` are
 * passed over. A symbolic link is followed when it stays inside; a link that leaves the folder is listed as a problem.
 */
export async function scanFolder(root: string, store: string, signal?: AbortSignal): Promise<FolderScan> {
  const scan = new FolderScanner(root, await files().realpath(root), resolve(store), signal);
  await scan.visit({ path: '', real: scan.realRoot, above: [] });
  return scan;
}

class FolderScanner implements FolderScan {
  readonly paths: string[] = [];
  readonly texts: string[] = [];
  readonly problems: FileProblem[] = [];
  ignored = 0;

  constructor(
    private readonly root: string,
    readonly realRoot: string,
    private readonly store: string,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async visit(place: Place): Promise<void> {
    throwIfCancelled(this.signal);
    let entries: Dirent[];
    try {
      entries = await files().readdir(join(this.root, place.path));
    } catch (error) {
      if (place.path === '') throw error;
      this.problems.push(toUnusable(error).at(place.path));
      return;
    }
    const folders: { path: string; link: boolean }[] = [];
    const links: string[] = [];
    await inSlices(entries.length, (i) => {
      const entry = entries[i];
      if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) return;
      const path = place.path === '' ? entry.name : `${place.path}/${entry.name}`;
      if (entry.isDirectory()) folders.push({ path, link: false });
      else if (entry.isSymbolicLink()) links.push(path);
      else this.takeFile(path, entry.isFile());
    });
    for (const path of links) if (await this.leadsToFolder(path)) folders.push({ path, link: true });
    for (const folder of folders) await this.enter(folder.path, folder.link, place);
  }

  private takeFile(path: string, isFile: boolean): void {
    if (isFile && hasImageName(path)) this.paths.push(path);
    else this.ignored++;
    if (isFile && hasTextName(path)) this.texts.push(path);
  }

  /** Takes a link to a file as a file; true for a link to a folder. */
  private async leadsToFolder(path: string): Promise<boolean> {
    const absolute = join(this.root, path);
    try {
      const [target, stats] = await Promise.all([files().realpath(absolute), files().stat(absolute)]);
      if (!isInside(this.realRoot, target)) throw outside();
      if (stats.isDirectory()) return true;
      this.takeFile(path, stats.isFile());
    } catch (error) {
      const isOutsideFolder = error instanceof UnusableFile;
      if (isOutsideFolder || hasImageName(path)) this.problems.push(toUnusable(error).at(path));
    }
    return false;
  }

  private async enter(path: string, link: boolean, from: Place): Promise<void> {
    const absolute = join(this.root, path);
    if (absolute === this.store) return;
    const above = [...from.above, from.real];
    const real = link ? await files().realpath(absolute) : join(from.real, path.slice(path.lastIndexOf('/') + 1));
    if (above.includes(real)) return; // A link to a folder that we are in: following it would never end.
    const before = this.paths.length;
    await this.visit({ path, real, above });
    if (hasImageName(path) && this.paths.length === before)
      this.problems.push(
        new UnusableFile('is a folder, not an image', 'Rename the folder, or put the image there.').at(path),
      );
  }
}
