import { dirname, join } from 'node:path';
import { fileErrorCode, files } from '../store/files';
import { isInside } from '../store/paths';
import { outside, UnusableFile } from './fileProblem';
import { toUnusable } from './imageReader';

export interface CheckedFile {
  /** As it is really spelt on the disk. */
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** Looks at files without reading them: that they are there, are files, and are inside the root also by their real paths. */
export class FileChecker {
  private readonly folders = new Map<string, Promise<string>>();

  private constructor(
    private readonly root: string,
    private readonly realRoot: string,
  ) {}

  static async of(root: string): Promise<FileChecker> {
    return new FileChecker(root, await files().realpath(root));
  }

  /** @throws UnusableFile */
  async check(path: string): Promise<CheckedFile> {
    let failure: unknown;
    for (const spelling of spellings(path)) {
      try {
        return await this.checkSpelling(spelling);
      } catch (error) {
        failure ??= error;
        if (fileErrorCode(error) !== 'ENOENT') break;
      }
    }
    throw toUnusable(failure);
  }

  private async checkSpelling(path: string): Promise<CheckedFile> {
    const absolute = join(this.root, path);
    let stats = await files().lstat(absolute);
    const real = stats.isSymbolicLink() ? await files().realpath(absolute) : await this.realFolder(dirname(absolute));
    if (!isInside(this.realRoot, real)) throw outside();
    if (stats.isSymbolicLink()) stats = await files().stat(absolute);
    if (stats.isDirectory()) throw Object.assign(new Error('A folder.'), { code: 'EISDIR' });
    if (!stats.isFile()) throw new UnusableFile('is not a plain file', 'Take it out of the dataset.');
    return { path, bytes: stats.size, modified: stats.mtimeMs };
  }

  private realFolder(folder: string): Promise<string> {
    let real = this.folders.get(folder);
    if (real === undefined) {
      real = files().realpath(folder);
      this.folders.set(folder, real);
    }
    return real;
  }
}

/** A manifest may come from a machine that writes the same name in another way: Windows (backslashes), macOS (NFD). */
function spellings(path: string): Set<string> {
  return new Set([path, path.replaceAll('\\', '/'), path.normalize('NFC'), path.normalize('NFD')]);
}
