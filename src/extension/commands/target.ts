import type { DatasetRef, ModelId } from '../../trainer/protocol';
import { isDatasetRef } from '../datasets/datasetRef';
import { isModelId } from '../panels/subject';

/** What a command was asked to work on. Whatever is missing, the command asks the person for. */
export interface Target {
  readonly dataset?: DatasetRef;
  readonly model?: ModelId;
  readonly run?: string;
  readonly batch?: string;
}

/** Reads a command's argument: a node of the tree, a panel's request, or nothing (the command palette). */
export function targetOf(argument: unknown): Target {
  if (typeof argument !== 'object' || argument === null) return {};
  const { dataset, model, run, batch } = argument as Record<'dataset' | 'model' | 'run' | 'batch', unknown>;
  if (!isDatasetRef(dataset)) return {};
  return {
    dataset,
    ...(isModelId(model) ? { model } : {}),
    ...(isName(run) ? { run } : {}),
    ...(isName(batch) ? { batch } : {}),
  };
}

/** The run that a target names, by itself or as a model. */
export function runOf({ run, model }: Target): string | undefined {
  return run ?? (model?.startsWith('run:') === true ? model.slice('run:'.length) : undefined);
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
