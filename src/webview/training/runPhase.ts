import { adviceOf } from '../../rpc/errors';
import type { RunSummary } from '../../trainer/protocol';

/** Where a run is, as the panel shows it. */
export type RunPhase =
  | 'preparing'
  | 'running'
  | 'paused'
  | 'stopping'
  | 'finished'
  | 'stopped'
  | 'interrupted'
  | 'failed'
  /** Deleted, or stopped before its first step, which leaves nothing to keep. */
  | 'gone';

/** `paused`: what the run itself said last, which is newer than its record. */
export function phaseOf(
  run: RunSummary | undefined,
  points: number,
  stopping: boolean,
  paused = run?.paused ?? false,
): RunPhase {
  if (run === undefined) return stopping ? 'stopping' : 'gone';
  if (run.state === 'running') {
    if (stopping) return 'stopping';
    if (paused) return 'paused';
    return points === 0 ? 'preparing' : 'running';
  }
  return run.state;
}

/** Whether the model is computed at once instead of trained in steps. */
export function isFitted({ features, model }: RunSummary['settings']): boolean {
  return features !== undefined && model?.kind === 'linear' && model.method !== 'gradient';
}

/** Whether a process trains it now. */
export function isLive(phase: RunPhase): boolean {
  return phase === 'preparing' || phase === 'running' || phase === 'paused' || phase === 'stopping';
}

export const PHASE_WORDS: Readonly<Record<RunPhase, string>> = {
  preparing: 'Preparing',
  running: 'Running',
  paused: 'Paused',
  stopping: 'Stopping…',
  finished: 'Finished',
  stopped: 'Stopped',
  interrupted: 'Interrupted',
  failed: 'Failed',
  gone: 'Not kept',
};

/** What the phase means and what comes next; nothing to say while all goes well. */
export function phaseAdvice(phase: RunPhase, run: RunSummary | undefined): string | undefined {
  const kept = run?.best
    ? `The model of step ${run.best.step.toLocaleString('en')} is kept and can be used.`
    : undefined;
  switch (phase) {
    case 'preparing':
      return run !== undefined && isFitted(run.settings)
        ? 'The linear layer is computed in one piece, in seconds: it can be stopped, but there are no steps to pause between.'
        : 'Images are read and the network is compiled. The first points come within seconds.';
    case 'paused':
      return 'It waits at a checkpoint, with the network ready: continue when you like. Closing the window loses nothing.';
    case 'stopped':
      return `You stopped this run. ${kept ?? 'Nothing was measured yet.'} It can go on where it stopped.`;
    case 'interrupted':
      return `The trainer went away in the middle. Nothing is lost: the run goes on from its last checkpoint.`;
    case 'failed':
      return failureWords(run);
    case 'gone':
      return 'This run was stopped before its first step, or deleted: there is nothing to show.';
    case 'finished':
      return run?.verdict?.words ?? kept;
    default:
      return undefined;
  }
}

function failureWords(run: RunSummary | undefined): string {
  if (run?.failure) return adviceOf(run.failure);
  const problem = run?.problems.at(-1);
  if (problem) return `${problem.path}: ${problem.reason} ${problem.remedy}`;
  return 'The training failed. Kindred’s log says why.';
}
