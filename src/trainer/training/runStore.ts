import { hostname } from 'node:os';
import path from 'node:path';
import { KindredError } from '../../rpc/errors';
import { writeFileAtomic } from '../store/atomic';
import { exists, fileErrorCode, files } from '../store/files';
import type { StorePaths } from '../store/paths';
import type { RunSummary, TrainingMetrics } from '../types/training';
import { RunControl } from './control';
import { verdictOf } from './features/verdict';
import { isRunName } from './settings';

/** What run.json holds: the summary, and what is needed to go on exactly. */
export interface RunRecord extends RunSummary {
  /** Who writes it; a run whose writer is gone was interrupted. */
  readonly writer: { readonly pid: number; readonly host: string };
  /** The dataset as it was when the run began. */
  readonly fingerprint: string;
  /** Contents of the held-out items: 32 hexadecimal digits each, in order. */
  readonly heldOutHashes: readonly string[];
  /** Those of them that were held out beside whole classes: items of classes that the run trained on. */
  readonly unseenItemHashes?: readonly string[];
}

/** The files of one run. */
export interface RunPaths {
  readonly folder: string;
  readonly record: string;
  readonly metrics: string;
  readonly model: string;
  /** What the measures showed beside their numbers. */
  readonly probes: string;
  /** What another process asks of the one that trains. */
  readonly control: string;
  /** The whole state of the newest step, and the weights of the best. */
  readonly lastCheckpoint: string;
  readonly bestCheckpoint: string;
}

export function runPaths(paths: StorePaths, name: string): RunPaths {
  if (!isRunName(name)) throw noSuchRun(name, paths.runs);
  const folder = path.join(paths.runs, name);
  return {
    folder,
    record: path.join(folder, 'run.json'),
    metrics: path.join(folder, 'metrics.jsonl'),
    model: path.join(folder, 'model.onnx'),
    probes: path.join(folder, 'probes.json'),
    control: path.join(folder, 'control.json'),
    lastCheckpoint: path.join(folder, 'checkpoint', 'last.safetensors'),
    bestCheckpoint: path.join(folder, 'checkpoint', 'best.safetensors'),
  };
}

/** The runs that this process is training now, by their folders. */
const active = new Map<string, RunControl>();

/** Marks a run as being trained by this process, until the returned function is called. */
export function markActive(folder: string): () => void {
  const control = new RunControl();
  active.set(folder, control);
  return () => {
    active.delete(folder);
    control.close();
  };
}

/** How a run that this process is training is steered; undefined when it trains none in this folder. */
export function controlOf(folder: string): RunControl | undefined {
  return active.get(folder);
}

/** All runs, oldest first. One that cannot be read is left out: it never hides the others. */
export async function listRuns(paths: StorePaths): Promise<RunSummary[]> {
  const names = await files()
    .readdir(paths.runs)
    .catch((error: unknown) => {
      if (fileErrorCode(error) === 'ENOENT') return [];
      throw error;
    });
  const runs: RunSummary[] = [];
  for (const entry of names) {
    if (!entry.isDirectory() || !isRunName(entry.name)) continue;
    const run = await readRun(paths, entry.name).catch(() => undefined);
    if (run) runs.push(run);
  }
  return runs.sort((a, b) => a.created.localeCompare(b.created) || a.name.localeCompare(b.name));
}

/** @throws KindredError `not-found` when there is no such run, `bad-input` when its run.json cannot be read. */
export async function readRun(paths: StorePaths, name: string): Promise<RunSummary> {
  return summaryOf(await readRecord(paths, name));
}

/** What of a record is told to others. */
export function summaryOf(record: Omit<RunRecord, 'writer'>): RunSummary {
  const { name, state, settings, created, step, steps, best, baselineRecallAt1, heldOut, device, problems } = record;
  const { modality, deviceReason, deviceFault, paused, rateChanges, failure } = record;
  const verdict = state === 'finished' ? verdictOf(record) : undefined;
  return {
    ...{ name, state, settings, created, step, steps, best, baselineRecallAt1, heldOut, device, problems },
    ...(modality === undefined ? {} : { modality }),
    ...(deviceReason === undefined ? {} : { deviceReason }),
    ...(deviceFault === undefined ? {} : { deviceFault }),
    ...(paused === true ? { paused } : {}),
    ...(rateChanges === undefined ? {} : { rateChanges }),
    ...(failure === undefined ? {} : { failure }),
    ...(verdict === undefined ? {} : { verdict }),
  };
}

/** As `readRun`, with all that run.json holds. A run whose writer is gone has state `interrupted`. */
export async function readRecord(paths: StorePaths, name: string): Promise<RunRecord> {
  const { record: file, folder } = runPaths(paths, name);
  const text = await readText(file);
  if (text === undefined) throw noSuchRun(name, file);
  let record: RunRecord;
  try {
    record = JSON.parse(text) as RunRecord;
    if (record.name !== name) throw new Error('another name');
  } catch (cause) {
    throw new KindredError('bad-input', `${file} is not the record of the run ${name}.`, {
      remedy: 'Delete the run and train again.',
      path: file,
      cause,
    });
  }
  if (record.state !== 'running' || isAlive(record.writer, folder)) return record;
  return { ...record, state: 'interrupted', paused: false };
}

export async function writeRecord(paths: StorePaths, record: Omit<RunRecord, 'writer'>): Promise<void> {
  const writer = { pid: process.pid, host: hostname() };
  const whole: RunRecord = { ...record, writer };
  await writeFileAtomic(runPaths(paths, record.name).record, `${JSON.stringify(whole, undefined, 1)}\n`);
}

/** The training curve. A last line that was cut short by a crash is left out. */
export async function readMetrics(paths: StorePaths, name: string): Promise<TrainingMetrics[]> {
  await readRecord(paths, name);
  return parseMetrics((await readText(runPaths(paths, name).metrics)) ?? '');
}

export function parseMetrics(text: string): TrainingMetrics[] {
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as TrainingMetrics];
    } catch {
      return [];
    }
  });
}

/**
 * Deletes a run with all its files.
 * @throws KindredError `not-found`, or `invalid-argument` while it is being trained.
 */
export async function deleteRun(paths: StorePaths, name: string): Promise<void> {
  const { folder } = runPaths(paths, name);
  if (!(await exists(folder))) throw noSuchRun(name, folder);
  const record = await readRecord(paths, name).catch(() => undefined);
  if (record?.state === 'running') throw stillRunning(name);
  await files().remove(folder);
}

export function stillRunning(name: string): KindredError {
  return new KindredError('invalid-argument', `The run ${name} is being trained.`, {
    remedy: 'Stop it first, or wait until it has finished.',
  });
}

function noSuchRun(name: string, file: string): KindredError {
  return new KindredError('not-found', `There is no run named "${name}".`, {
    remedy: 'Choose one of the runs of this dataset, or train one.',
    path: file,
  });
}

/**
 * Whether the writer still writes. Our own number proves nothing by itself: in a container every start may have the same one.
 * A writer on another machine (a shared disk) cannot be seen, and is taken to be alive.
 */
function isAlive({ pid, host }: RunRecord['writer'], folder: string): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return active.has(folder);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return fileErrorCode(error) === 'EPERM';
  }
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return (await files().readFile(file)).toString('utf8');
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
