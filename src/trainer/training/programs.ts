import { KindredError } from '../../rpc/errors';
import type { Program, Recipe } from '../engine/engine';
import { inferenceProgram, type InferenceSettings, type StepSettings, trainingStep } from './step';

/** How each kind of program is made from its settings. */
const PROGRAMS: Readonly<Record<string, (settings: unknown) => Program>> = {
  'training step': (settings) => trainingStep(settings as StepSettings),
  embedding: (settings) => inferenceProgram(settings as InferenceSettings),
};

/**
 * The program that a recipe describes, as the thread that made the recipe has it.
 * @throws KindredError `engine` when no program of this version is of that kind.
 */
export function programOf({ kind, settings }: Recipe): Program {
  if (Object.hasOwn(PROGRAMS, kind)) return PROGRAMS[kind](settings);
  throw new KindredError('engine', `There is no program of the kind "${kind}".`, {
    remedy: `Known kinds are ${Object.keys(PROGRAMS).join(', ')}.`,
  });
}
