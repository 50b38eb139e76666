import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KindredError } from '../../rpc/errors';
import { toWriteError } from './atomic';
import { fileErrorCode, files } from './files';

export interface LockOptions {
  /** How long to wait for the other process, in milliseconds. */
  readonly patience: number;
  /** Age in milliseconds from which a lock of another machine counts as left behind. */
  readonly stale: number;
  /** What the lock protects, for a person: "the journal". */
  readonly what: string;
}

/**
 * Runs `work` while no other process (or other call in this one) holds the lock file. The file names its holder, so that the lock
 * of a process that died is taken over at once.
 * @throws KindredError `read-only` when it waited in vain: another process is still at it
 */
export async function withFileLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  await acquire(path, options);
  try {
    return await work();
  } finally {
    await files()
      .unlink(path)
      .catch(() => undefined);
  }
}

async function acquire(path: string, { patience, stale, what }: LockOptions): Promise<void> {
  const until = Date.now() + patience;
  for (let wait = 2; ; wait = Math.min(wait * 2, 50)) {
    if (await create(path)) return;
    if (await breakStale(path, stale)) continue;
    if (Date.now() >= until) {
      throw new KindredError('read-only', `Another Kindred is working on ${what}.`, {
        remedy: `Wait until it is done and do it again. If none is running, delete ${path}.`,
        path,
      });
    }
    await sleep(wait);
  }
}

async function create(path: string): Promise<boolean> {
  try {
    await files().mkdir(dirname(path));
    const handle = await files().open(path, 'wx');
    try {
      await handle.writeFile(`${process.pid} ${hostname()}\n`);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (fileErrorCode(error) === 'EEXIST') return false;
    throw toWriteError(error, path);
  }
}

/** Whether the lock is gone, or was left behind and has been taken away. */
async function breakStale(path: string, stale: number): Promise<boolean> {
  try {
    const [content, { mtimeMs, ino }] = await Promise.all([files().readFile(path), files().stat(path)]);
    if (!isLeftBehind(content.toString(), Date.now() - mtimeMs, stale)) return false;
    const aside = `${path}.${process.pid}`;
    await files().rename(path, aside);
    // Another process may have broken it first and taken the lock: then it is given back.
    if ((await files().stat(aside)).ino === ino) await files().unlink(aside);
    else await files().rename(aside, path);
    return true;
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return true;
    throw toWriteError(error, path);
  }
}

/** An empty file is one that is just being written, unless it stays so. */
function isLeftBehind(content: string, age: number, stale: number): boolean {
  const holder = /^(\d+) (.*)\n$/.exec(content);
  if (holder === null) return age > 2000;
  const [, pid, host] = holder;
  if (host !== hostname()) return age > stale;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return fileErrorCode(error) === 'ESRCH';
  }
}
