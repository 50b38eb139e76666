import { Pace } from '../../../../src/trainer/curation/pace';
import type { Progress } from '../../../../src/trainer/types/progress';
import type { CallContext } from '../../../../src/rpc/rpc';

export function quietContext(signal: AbortSignal = new AbortController().signal): CallContext<Progress> {
  return { signal, report: () => undefined };
}

export function quietPace(): Pace {
  return new Pace(quietContext());
}
