import { access, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DatasetRef, TrainingSettings } from '../../trainer/protocol';

/** The dataset's own settings, read and checked by the trainer. */
export function configurationFile(dataset: DatasetRef): string {
  return path.join(dataset.root, 'kindred.json');
}

/** Whether kindred.json says how long to train; a file that cannot be read is the trainer's to complain about. */
export async function saysBudget(dataset: DatasetRef): Promise<boolean> {
  try {
    const value: unknown = JSON.parse(await readFile(configurationFile(dataset), 'utf8'));
    const training = (value as { training?: { budget?: unknown } } | null)?.training;
    return training?.budget !== undefined;
  } catch {
    return false;
  }
}

/** Writes a first kindred.json, with what a person is likely to change. Fails when there is one already. */
export async function createConfiguration(file: string, settings: TrainingSettings): Promise<void> {
  const { loss, budget, imageSize, embeddingSize, augmentation, seed } = settings;
  const training = { loss, budget, imageSize, embeddingSize, augmentation, seed };
  await writeFile(file, `${JSON.stringify({ training }, null, 2)}\n`, { flag: 'wx' });
}

/** The text of a kindred.json with these settings; the name of a run is not one that the next run could have too. */
export function withTraining(text: string, settings: TrainingSettings): string {
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch {
    // A file that cannot be read is replaced: the person has agreed to that.
  }
  const rest = typeof whole === 'object' && !Array.isArray(whole) ? whole : {};
  return `${JSON.stringify({ ...rest, training: { ...settings, name: undefined } }, null, 2)}\n`;
}

export async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}
