import { randomUUID } from 'node:crypto';
import { extname, join } from 'node:path';
import { KindredError } from '../../rpc/errors';
import { writeFileAtomic } from '../store/atomic';
import { fileErrorCode, files } from '../store/files';
import { isInside, resolveInside, type StorePaths } from '../store/paths';
import type { QuarantineBatch } from '../types/curation';
import { hashFile, isThere } from './moveFile';

/** What is to be moved; written and synced before the first move, and never changed. */
export interface BatchPlan {
  readonly version: 1;
  readonly id: string;
  readonly created: string;
  readonly files: readonly PlannedFile[];
  /** The manifest that loses the rows; `copy` is how it was before, in the batch's folder. */
  readonly manifest?: { readonly path: string; readonly column: string; readonly copy: string };
}

export interface PlannedFile {
  /** Relative to the dataset's root. */
  readonly path: string;
  readonly hash: string;
  readonly bytes: number;
}

/** How far it is. Without a record, an apply is under way (or was cut short). */
interface BatchState {
  readonly phase: 'applied' | 'restoring' | 'restored';
  /** What was moved, or is still in quarantine. */
  readonly files: number;
  readonly bytes: number;
}

type Phase = BatchState['phase'] | 'applying';
type Place = Pick<StorePaths, 'root' | 'quarantine' | 'folder'>;

const PLAN = 'batch.json';
const STATE = 'state.json';
const ID = /^[0-9A-Za-z][0-9A-Za-z-]*$/;

/**
 * A folder of the quarantine: `batch.json` (the plan), `state.json`, `files/<path>` (what was moved), and a copy of the manifest.
 * Where each file is can be seen on the disk, so that whatever was cut short can be finished or taken back.
 */
export class Batch {
  private constructor(
    private readonly place: Place,
    readonly plan: BatchPlan,
  ) {}

  /** Writes the plan of a new batch; nothing has moved yet. */
  static async create(
    place: Place,
    planned: readonly PlannedFile[],
    manifest: { readonly path: string; readonly column: string } | undefined,
  ): Promise<Batch> {
    const created = new Date().toISOString();
    const id = `${created.slice(0, -1).replaceAll(/[:.]/g, '-')}-${randomUUID().slice(0, 8)}`;
    const copy = manifest && { ...manifest, copy: `manifest-before${extname(manifest.path)}` };
    const plan: BatchPlan = { version: 1, id, created, files: planned, ...(copy ? { manifest: copy } : {}) };
    const batch = new Batch(place, plan);
    if (copy) {
      const original = await files().readFile(resolveInside(place.root, copy.path));
      await writeFileAtomic(join(batch.folder, copy.copy), original);
    }
    await writeFileAtomic(join(batch.folder, PLAN), `${JSON.stringify(plan, undefined, 1)}\n`);
    return batch;
  }

  /** @throws KindredError `not-found`, or `bad-input` when the plan is damaged */
  static async read(place: Place, id: string): Promise<Batch> {
    const path = join(place.quarantine, id, PLAN);
    if (!ID.test(id)) throw noBatch(id);
    try {
      const plan: unknown = JSON.parse((await files().readFile(path)).toString());
      if (!isPlan(plan) || plan.id !== id) throw new SyntaxError('it is not the plan of a batch');
      return new Batch(place, plan);
    } catch (error) {
      const code = fileErrorCode(error);
      if (code === 'ENOENT' || code === 'ENOTDIR') throw noBatch(id);
      throw new KindredError('bad-input', `${path} cannot be read: ${String(error)}.`, {
        remedy: `Restore it from a backup, or move the files back by hand; they are in ${join(place.quarantine, id, 'files')}.`,
        path,
        cause: error,
      });
    }
  }

  get folder(): string {
    return join(this.place.quarantine, this.plan.id);
  }

  /** Where a file is while it is away. */
  awayPath(file: PlannedFile): string {
    return resolveInside(join(this.folder, 'files'), file.path);
  }

  /**
   * Where it belongs.
   * @throws KindredError `bad-input` when a doctored plan names a place outside of the dataset or inside of its store
   */
  homePath(file: PlannedFile): string {
    const { root, quarantine, folder } = this.place;
    const path = resolveInside(root, file.path);
    if (path === root || isInside(quarantine, path) || isInside(folder, path)) {
      throw new KindredError('bad-input', `${file.path} is no place for an item.`, {
        remedy: `Correct ${join(this.folder, PLAN)}.`,
        path: file.path,
      });
    }
    return path;
  }

  /** Where a copy to another disk is made before it has its name. */
  partialPath(file: PlannedFile, side: 'away' | 'home'): string {
    const name = `.kindred-partial-${this.plan.id}-${this.plan.files.indexOf(file)}`;
    return side === 'away' ? join(this.folder, 'files', name) : join(this.homePath(file), '..', name);
  }

  async phase(): Promise<Phase> {
    return (await this.state())?.phase ?? 'applying';
  }

  async setPhase(phase: BatchState['phase'], moved: readonly PlannedFile[]): Promise<QuarantineBatch> {
    const state = { phase, files: moved.length, bytes: sumOfBytes(moved) };
    await writeFileAtomic(join(this.folder, STATE), `${JSON.stringify(state)}\n`);
    return this.summary();
  }

  /** Files that are in the quarantine now. */
  async away(): Promise<PlannedFile[]> {
    const away: PlannedFile[] = [];
    for (const file of this.plan.files) if (await isThere(this.awayPath(file))) away.push(file);
    return away;
  }

  /**
   * Ends a move that was cut short when the file had both of its names: the one in quarantine goes, as long as the same
   * content is where it belongs.
   * @returns whether it was so
   */
  async dropTwin(file: PlannedFile): Promise<boolean> {
    const [home, away] = [this.homePath(file), this.awayPath(file)];
    if (!(await isThere(home)) || !(await isThere(away))) return false;
    const [a, b] = await Promise.all([files().lstat(home), files().lstat(away)]);
    if (!a.isFile() || !b.isFile() || (await hashFile(home)) !== (await hashFile(away))) return false;
    await files().unlink(away);
    return true;
  }

  /** Removes copies that were still being made on another disk when a move was cut short; what they are of is whole. */
  async dropPartials(side: 'away' | 'home'): Promise<void> {
    for (const file of this.plan.files) await files().remove(this.partialPath(file, side));
  }

  async summary(): Promise<QuarantineBatch> {
    const state = await this.state();
    const { id, created } = this.plan;
    if (state && state.phase !== 'restoring') {
      return { id, created, files: state.files, bytes: state.bytes, state: state.phase };
    }
    const away = await this.away();
    return { id, created, files: away.length, bytes: sumOfBytes(away), state: 'incomplete' };
  }

  private async state(): Promise<BatchState | undefined> {
    try {
      const state: unknown = JSON.parse((await files().readFile(join(this.folder, STATE))).toString());
      return isState(state) ? state : undefined;
    } catch (error) {
      if (fileErrorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
}

/** All batches, newest first. One whose plan is damaged is listed as incomplete with no files; restoring it says why. */
export async function listBatches(place: Place): Promise<QuarantineBatch[]> {
  const batches: QuarantineBatch[] = [];
  for (const id of (await batchIds(place)).reverse()) {
    try {
      batches.push(await (await Batch.read(place, id)).summary());
    } catch (error) {
      if (!(error instanceof KindredError)) throw error;
      if (error.code === 'bad-input') batches.push({ id, created: '', files: 0, bytes: 0, state: 'incomplete' });
    }
  }
  return batches;
}

export async function batchIds({ quarantine }: Place): Promise<string[]> {
  try {
    const entries = await files().readdir(quarantine);
    return entries
      .filter((entry) => entry.isDirectory() && ID.test(entry.name))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

export function sumOfBytes(planned: readonly PlannedFile[]): number {
  return planned.reduce((sum, { bytes }) => sum + bytes, 0);
}

function noBatch(id: string): KindredError {
  return new KindredError('not-found', `There is no quarantine batch "${id}".`, {
    remedy: 'Choose one of the batches that are listed for the dataset.',
  });
}

function isPlan(value: unknown): value is BatchPlan {
  if (!isRecord(value) || value['version'] !== 1 || !Array.isArray(value['files'])) return false;
  const { manifest } = value;
  const isText = (name: string, of: Record<string, unknown>): boolean => typeof of[name] === 'string';
  const isFile = (file: unknown): boolean =>
    isRecord(file) && isText('path', file) && isText('hash', file) && typeof file['bytes'] === 'number';
  const isManifest =
    manifest === undefined ||
    (isRecord(manifest) &&
      ['path', 'column', 'copy'].every((name) => isText(name, manifest)) &&
      /^manifest-before[.\w]*$/.test(String(manifest['copy'])));
  return isText('id', value) && isText('created', value) && value['files'].every(isFile) && isManifest;
}

function isState(value: unknown): value is BatchState {
  return (
    isRecord(value) &&
    ['applied', 'restoring', 'restored'].includes(String(value['phase'])) &&
    typeof value['files'] === 'number' &&
    typeof value['bytes'] === 'number'
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
