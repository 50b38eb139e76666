import { randomUUID } from 'node:crypto';
import { extname, join } from 'node:path';
import { KindredError } from '../../rpc/errors';
import { writeFileAtomic } from '../store/atomic';
import { fileErrorCode, files } from '../store/files';
import { isInside, resolveInside, type StorePaths } from '../store/paths';
import type { QuarantineBatch } from '../types/curation';
import type { PlannedLabel } from './manifestLabels';
import { hashFile, isThere } from './moveFile';

/** What is to be moved; written and synced before the first move, and never changed. */
export interface BatchPlan {
  /** 2 when it gives labels, which a Kindred that only knows 1 could not take back. */
  readonly version: 1 | 2;
  readonly id: string;
  readonly created: string;
  readonly files: readonly PlannedFile[];
  /** The manifest that loses the rows; `copy` is how it was before, in the batch's folder. */
  readonly manifest?: PlannedManifest & { readonly copy: string };
  /** Cells of the manifest that change. */
  readonly labels?: readonly PlannedLabel[];
}

export interface PlannedManifest {
  readonly path: string;
  readonly column: string;
  readonly label?: string;
}

export interface PlannedFile {
  /** Relative to the dataset's root. */
  readonly path: string;
  readonly hash: string;
  readonly bytes: number;
  /** Where in the dataset it goes instead of the quarantine: the folder of its new label. */
  readonly to?: string;
}

/** How far it is. Without a record, an apply is under way (or was cut short). */
interface BatchState {
  readonly phase: 'applied' | 'restoring' | 'restored';
  /** What was moved, or is still in quarantine. */
  readonly files: number;
  readonly bytes: number;
  readonly relabelled?: number;
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
    manifest: PlannedManifest | undefined,
    labels: readonly PlannedLabel[] = [],
  ): Promise<Batch> {
    const created = new Date().toISOString();
    const id = `${created.slice(0, -1).replaceAll(/[:.]/g, '-')}-${randomUUID().slice(0, 8)}`;
    const copy = manifest && { ...manifest, copy: `manifest-before${extname(manifest.path)}` };
    const plan: BatchPlan = {
      version: labels.length > 0 || planned.some(({ to }) => to !== undefined) ? 2 : 1,
      id,
      created,
      files: planned,
      ...(copy ? { manifest: copy } : {}),
      ...(labels.length > 0 ? { labels } : {}),
    };
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

  /** Where a file is while it is away: in the quarantine, or in the folder of its new label. */
  awayPath(file: PlannedFile): string {
    return file.to === undefined ? resolveInside(join(this.folder, 'files'), file.path) : this.placeOf(file.to);
  }

  /**
   * Where it belongs.
   * @throws KindredError `bad-input` when a doctored plan names a place outside of the dataset or inside of its store
   */
  homePath(file: PlannedFile): string {
    return this.placeOf(file.path);
  }

  private placeOf(relative: string): string {
    const { root, quarantine, folder } = this.place;
    const path = resolveInside(root, relative);
    if (path === root || isInside(quarantine, path) || isInside(folder, path)) {
      throw new KindredError('bad-input', `${relative} is no place for an item.`, {
        remedy: `Correct ${join(this.folder, PLAN)}.`,
        path: relative,
      });
    }
    return path;
  }

  /** Where a copy to another disk is made before it has its name. */
  partialPath(file: PlannedFile, side: 'away' | 'home'): string {
    const name = `.kindred-partial-${this.plan.id}-${this.plan.files.indexOf(file)}`;
    if (side === 'home') return join(this.homePath(file), '..', name);
    return file.to === undefined ? join(this.folder, 'files', name) : join(this.awayPath(file), '..', name);
  }

  async phase(): Promise<Phase> {
    return (await this.state())?.phase ?? 'applying';
  }

  /** @param labels how many cells of the manifest have their new value (or, when restored, had it) */
  async setPhase(phase: BatchState['phase'], moved: readonly PlannedFile[], labels = 0): Promise<QuarantineBatch> {
    const state = { phase, ...sizeOf(moved, labels) };
    await writeFileAtomic(join(this.folder, STATE), `${JSON.stringify(state)}\n`);
    return this.summary();
  }

  /** Files that are in the quarantine, or in the folder of their new label, now. */
  async away(): Promise<PlannedFile[]> {
    const away: PlannedFile[] = [];
    for (const file of this.plan.files) {
      if (!(await isThere(this.awayPath(file)))) continue;
      // Where a file was to go inside of the dataset there may be another one, which came before it.
      if (file.to === undefined || !(await isThere(this.homePath(file)))) away.push(file);
    }
    return away;
  }

  /**
   * Ends a move that was cut short when the file had both of its names: the one in quarantine goes, as long as the same
   * content is where it belongs. In the folder of a label it must be the very same file: a copy may be the person's own.
   * @returns whether it was so
   */
  async dropTwin(file: PlannedFile): Promise<boolean> {
    const [home, away] = [this.homePath(file), this.awayPath(file)];
    if (!(await isThere(home)) || !(await isThere(away))) return false;
    const [a, b] = await Promise.all([files().lstat(home), files().lstat(away)]);
    if (!a.isFile() || !b.isFile()) return false;
    if (file.to !== undefined && (a.ino !== b.ino || a.dev !== b.dev)) return false;
    if ((await hashFile(home)) !== (await hashFile(away))) return false;
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
      const { phase, ...size } = state;
      return { id, created, ...size, state: phase };
    }
    return { id, created, ...sizeOf(await this.away(), this.plan.labels?.length ?? 0), state: 'incomplete' };
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

function sizeOf(away: readonly PlannedFile[], labels: number): Omit<BatchState, 'phase'> {
  const removed = away.filter(({ to }) => to === undefined);
  const relabelled = away.length - removed.length + labels;
  const bytes = removed.reduce((sum, file) => sum + file.bytes, 0);
  return { files: removed.length, bytes, ...(relabelled > 0 ? { relabelled } : {}) };
}

function noBatch(id: string): KindredError {
  return new KindredError('not-found', `There is no quarantine batch "${id}".`, {
    remedy: 'Choose one of the batches that are listed for the dataset.',
  });
}

function isPlan(value: unknown): value is BatchPlan {
  if (!isRecord(value) || ![1, 2].includes(Number(value['version'])) || !Array.isArray(value['files'])) return false;
  const { manifest, labels = [] } = value;
  const isText = (name: string, of: Record<string, unknown>): boolean => typeof of[name] === 'string';
  const isFile = (file: unknown): boolean =>
    isRecord(file) &&
    isText('path', file) &&
    isText('hash', file) &&
    typeof file['bytes'] === 'number' &&
    (file['to'] === undefined || isText('to', file));
  const isLabel = (label: unknown): boolean =>
    isRecord(label) && ['path', 'hash', 'from', 'to', 'rawFrom', 'rawTo'].every((name) => isText(name, label));
  const isManifest =
    manifest === undefined ||
    (isRecord(manifest) &&
      ['path', 'column', 'copy'].every((name) => isText(name, manifest)) &&
      /^manifest-before[.\w]*$/.test(String(manifest['copy'])));
  const areLabels = Array.isArray(labels) && labels.every(isLabel);
  return isText('id', value) && isText('created', value) && value['files'].every(isFile) && isManifest && areLabels;
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
