import type { EventEmitter } from 'node:events';
import { onTestFinished } from 'vitest';
import { files, replaceFiles } from '../../../src/trainer/store/files';

function fileError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: simulated, '${path}'`), { code });
}

/** From now until the test ends (or `undo`), at most `bytes` more can be written; then every write fails with `code`. */
export function fillDisk(bytes: number, code = 'ENOSPC'): () => void {
  const before = files();
  let room = bytes;
  const undo = replaceFiles({
    open: async (path, flags) => {
      const handle = await before.open(path, flags);
      return new Proxy(handle, {
        get(target, key) {
          if (key === 'write') {
            return async (data: Uint8Array, offset: number, length: number, position: number | null) => {
              if (length > room) {
                // A full disk takes what it has room for before it says so.
                if (room > 0) await target.write(data, offset, room, position);
                room = 0;
                throw fileError(code, path);
              }
              room -= length;
              return target.write(data, offset, length, position);
            };
          }
          const value: unknown = Reflect.get(target, key);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
    },
  });
  onTestFinished(undo);
  return undo;
}

/** Until the test ends (or `undo`), nothing under `folder` can be made or written. */
export function makeReadOnly(folder: string, code = 'EACCES'): () => void {
  const before = files();
  const refuse = (path: string): void => {
    if (path.startsWith(folder)) throw fileError(code, path);
  };
  const undo = replaceFiles({
    open: async (path, flags) => {
      if (flags !== 'r') refuse(path);
      return before.open(path, flags);
    },
    mkdir: async (path) => {
      refuse(path);
      await before.mkdir(path);
    },
    rename: async (from, to) => {
      refuse(to);
      await before.rename(from, to);
    },
  });
  onTestFinished(undo);
  return undo;
}

/** Until the test ends, reading this file fails with `code`. */
export function refuseReading(path: string, code: string): void {
  const before = files();
  onTestFinished(
    replaceFiles({
      readFile: (asked) => (asked === path ? Promise.reject(fileError(code, path)) : before.readFile(asked)),
    }),
  );
}

/** The paths of all files that are read as a whole, as they are read. */
export function watchReads(): string[] {
  const before = files();
  const reads: string[] = [];
  onTestFinished(
    replaceFiles({
      readFile: (path) => {
        reads.push(path);
        return before.readFile(path);
      },
    }),
  );
  return reads;
}

/** How many files are opened and closed until the test ends, as they are. */
export function watchHandles(): { opened: number; closed: number } {
  const before = files();
  const handles = { opened: 0, closed: 0 };
  onTestFinished(
    replaceFiles({
      open: async (path, flags) => {
        const handle = await before.open(path, flags);
        handles.opened++;
        // Node emits it, but the types of Node 20 do not say so.
        (handle as unknown as EventEmitter).once('close', () => handles.closed++);
        return handle;
      },
    }),
  );
  return handles;
}
