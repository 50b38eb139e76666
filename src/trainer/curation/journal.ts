import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { KindredError } from '../../rpc/errors';
import { appendDurably, toWriteError } from '../store/atomic';
import { withFileLock } from '../store/fileLock';
import { fileErrorCode, files } from '../store/files';
import type { StorePaths } from '../store/paths';
import type { Decision, Verdict } from '../types/curation';
import { batchOf, decisionLine, parseJournal, type JournalText } from './journalFormat';

const LOCK = { patience: 10_000, stale: 30_000, what: 'the journal of decisions' };
const EMPTY: JournalText = { decisions: [], sound: 0, terminated: true };

interface Snapshot {
  readonly stamp: string;
  readonly text: JournalText;
}

const open = new Map<string, Journal>();

/** The journal of a dataset; one object for each file. Nothing is read or written before it is asked for. */
export function openJournal(paths: Pick<StorePaths, 'journal' | 'folder'>): Journal {
  let journal = open.get(paths.journal);
  if (!journal) open.set(paths.journal, (journal = new Journal(paths.journal, join(paths.folder, 'journal.lock'))));
  return journal;
}

/**
 * The decisions of a person, append-only. Every append is one write, synced to the disk before it returns, and holds all of its
 * lines or (after a crash, a full disk) none. Several processes may append at the same time: each adds to the end under a
 * lock file, and reads again what others have added.
 */
export class Journal {
  private snapshot: Snapshot | undefined;

  constructor(
    readonly path: string,
    private readonly lock: string,
  ) {}

  /** Every decision of the file, undone ones and undoings too, in its order. */
  async read(): Promise<readonly Decision[]> {
    return (await this.load()).decisions;
  }

  /** Appends what was decided together: one `undo` takes all of it back. */
  async append(verdicts: readonly Verdict[]): Promise<void> {
    if (verdicts.length === 0) return;
    await withFileLock(this.lock, LOCK, async () => {
      const batch = newBatch();
      const at = new Date().toISOString();
      const last = verdicts.length - 1;
      await this.write(verdicts.map((verdict, index) => ({ ...verdict, id: `${batch}.${last - index}`, at })));
    });
  }

  /**
   * Takes back the newest batch that is in force, whoever made it in whatever session.
   * @returns false when there is nothing to take back
   */
  async undo(): Promise<boolean> {
    return withFileLock(this.lock, LOCK, async () => {
      const of = newestBatch(await this.read());
      if (of.length === 0) return false;
      await this.write([{ kind: 'undo', of, id: `${newBatch()}.0`, at: new Date().toISOString() }]);
      return true;
    });
  }

  private async write(decisions: readonly Decision[]): Promise<void> {
    const { sound, terminated } = await this.load();
    const size = await this.repair(sound);
    const lines = decisions.map(decisionLine).join('');
    try {
      await appendDurably(this.path, terminated ? lines : `\n${lines}`);
    } catch (error) {
      // A full disk may have taken a part of it.
      await this.truncate(size).catch(() => undefined);
      throw error;
    } finally {
      this.snapshot = undefined;
    }
  }

  /** Cuts off what a crash left at the end, so that it does not become a malformed line in the middle. */
  private async repair(sound: number): Promise<number> {
    try {
      const { size } = await files().stat(this.path);
      if (size > sound) await this.truncate(sound);
      return sound;
    } catch (error) {
      if (fileErrorCode(error) === 'ENOENT') return 0;
      throw toWriteError(error, this.path);
    }
  }

  private async truncate(size: number): Promise<void> {
    const handle = await files().open(this.path, 'r+');
    try {
      await handle.truncate(size);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  private async load(): Promise<JournalText> {
    try {
      const { size, mtimeMs, ino } = await files().stat(this.path);
      const stamp = `${size} ${mtimeMs} ${ino}`;
      if (this.snapshot?.stamp !== stamp) {
        this.snapshot = { stamp, text: await parseJournal(await files().readFile(this.path), this.path) };
      }
      return this.snapshot.text;
    } catch (error) {
      if (error instanceof KindredError) throw error;
      if (fileErrorCode(error) === 'ENOENT') return EMPTY;
      const reason = error instanceof Error ? error.message : String(error);
      throw new KindredError('bad-input', `The journal ${this.path} cannot be read: ${reason}.`, {
        remedy: 'Make it a file that you may read, and do it again.',
        path: this.path,
        cause: error,
      });
    }
  }
}

function newBatch(): string {
  return randomUUID().replaceAll('-', '').slice(0, 16);
}

function newestBatch(decisions: readonly Decision[]): string[] {
  const undone = new Set(decisions.flatMap((decision) => (decision.kind === 'undo' ? decision.of : [])));
  const inForce = decisions.filter(({ kind, id }) => kind !== 'undo' && !undone.has(id));
  const newest = inForce.at(-1);
  if (newest === undefined) return [];
  return inForce.filter(({ id }) => batchOf(id) === batchOf(newest.id)).map(({ id }) => id);
}
