import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { DatasetRef } from '../../trainer/protocol';

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
