import { readFile, type Dirent, type Stats } from 'node:fs';
import * as node from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

/**
 * The little of a file system that the trainer uses. All reading of datasets and all writing goes through `files()`, so that a
 * test can count reads, fill the disk or take rights away (`replaceFiles`).
 */
export interface FileSystem {
  open(path: string, flags: string): Promise<node.FileHandle>;
  /** Files up to 2 GiB; larger ones must be read in parts with `open`. */
  readFile(path: string): Promise<Buffer>;
  readdir(path: string): Promise<Dirent[]>;
  stat(path: string): Promise<Stats>;
  lstat(path: string): Promise<Stats>;
  realpath(path: string): Promise<string>;
  /** Makes missing parents too; an existing folder is fine. */
  mkdir(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** A second name for the same file; fails with EEXIST where a rename would overwrite. */
  link(from: string, to: string): Promise<void>;
  copyFile(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Only an empty folder. */
  rmdir(path: string): Promise<void>;
  /** A file or a whole folder; nothing there is fine. */
  remove(path: string): Promise<void>;
  utimes(path: string, accessed: Date, modified: Date): Promise<void>;
}

/** Node's own recursive mkdir never ends where a folder's parent exists and still nothing can be made in it (/proc). */
async function makeFolders(path: string): Promise<void> {
  try {
    await node.mkdir(path);
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === 'ENOENT' && dirname(path) !== path) {
      await makeFolders(dirname(path));
      await node.mkdir(path).catch(acceptFolder(path));
    } else await acceptFolder(path)(error);
  }
}

function acceptFolder(path: string): (error: unknown) => Promise<void> {
  return async (error) => {
    const isFolder = await node.stat(path).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    if (!isFolder) throw error;
  };
}

const nodeFiles: FileSystem = {
  open: (path, flags) => node.open(path, flags),
  readFile: promisify(readFile), // Half the work of the one in fs/promises, which counts for many small files.
  readdir: (path) => node.readdir(path, { withFileTypes: true }),
  stat: (path) => node.stat(path),
  lstat: (path) => node.lstat(path),
  realpath: (path) => node.realpath(path),
  mkdir: makeFolders,
  rename: (from, to) => node.rename(from, to),
  link: (from, to) => node.link(from, to),
  copyFile: (from, to) => node.copyFile(from, to),
  unlink: (path) => node.unlink(path),
  rmdir: (path) => node.rmdir(path),
  remove: (path) => node.rm(path, { recursive: true, force: true }),
  utimes: (path, accessed, modified) => node.utimes(path, accessed, modified),
};

let current = nodeFiles;

export function files(): FileSystem {
  return current;
}

/** For tests: replaces some operations until the returned function is called. */
export function replaceFiles(part: Partial<FileSystem>): () => void {
  const before = current;
  current = { ...before, ...part };
  return () => {
    current = before;
  };
}

/** The code of a Node file error (`ENOENT`, `EACCES` ...), or undefined for any other error. */
export function fileErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return error.code;
}

export async function exists(path: string): Promise<boolean> {
  try {
    await files().stat(path);
    return true;
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}
