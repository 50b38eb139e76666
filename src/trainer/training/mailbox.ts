import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { KindredError, throwIfCancelled } from '../../rpc/errors';
import { writeFileAtomic } from '../store/atomic';
import { fileErrorCode, files } from '../store/files';
import type { TrainingAction } from '../types/training';
import { checkAction, notTraining } from './control';

/** How often a training looks for what another process asks of it. */
export const LOOK_MS = 250;
/** A step of a large network on a slow machine takes seconds; the action is done after it. */
const PATIENCE_MS = 60_000;

interface Letter {
  readonly id: string;
  readonly action: TrainingAction;
}

/** The file by which another process (a second window, the command line) steers a training: one letter at a time. */
export class Mailbox {
  private looked = -Infinity;

  constructor(private readonly file: string) {}

  /** Throws away what was asked of a process that is gone. */
  async clear(): Promise<void> {
    await files().remove(this.file);
  }

  /** What was asked since; looks at the disk a few times a second at most. The file stays until `answer`. */
  async take(): Promise<TrainingAction | undefined> {
    if (performance.now() - this.looked < LOOK_MS) return undefined;
    this.looked = performance.now();
    const letter = await read(this.file);
    if (letter === undefined) return undefined;
    try {
      return checkAction(letter.action);
    } catch {
      // Written by another version, or damaged: nobody is served by keeping it.
      await this.clear();
      return undefined;
    }
  }

  /** Tells whoever asked that it was done. */
  async answer(): Promise<void> {
    await this.clear();
  }
}

/**
 * Asks the process that trains a run, and waits until it has done it.
 * @param isTraining whether that process is still at it
 * @throws KindredError `invalid-argument` when the run ends before, or another request is under way; `disconnected` when nobody answers
 */
export async function post(
  file: string,
  action: TrainingAction,
  isTraining: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  if ((await read(file)) !== undefined && (await isTraining())) {
    throw new KindredError('invalid-argument', 'Another request to this training is not done yet.', {
      remedy: 'Ask again in a moment.',
    });
  }
  const id = randomUUID();
  await writeFileAtomic(file, JSON.stringify({ id, action } satisfies Letter));
  const end = performance.now() + PATIENCE_MS;
  while ((await read(file))?.id === id) {
    throwIfCancelled(signal);
    const isGone = !(await isTraining());
    if (!isGone && performance.now() < end) {
      await sleep(LOOK_MS / 2);
      continue;
    }
    await files().remove(file);
    if (isGone && action.kind === 'stop') return;
    throw isGone ? notTraining() : noAnswer();
  }
}

function noAnswer(): KindredError {
  return new KindredError('disconnected', `The training has not answered for ${PATIENCE_MS / 1000} seconds.`, {
    remedy: 'Look whether the process that trains it is still alive, or is measuring a large dataset.',
  });
}

async function read(file: string): Promise<Letter | undefined> {
  try {
    return JSON.parse((await files().readFile(file)).toString('utf8')) as Letter;
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
