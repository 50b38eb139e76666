import type { ApplyPlan } from '../../trainer/protocol';
import type { Translate } from '../ui/l10n';
import { files } from '../ui/counts';
import { bytes, count } from '../ui/progressText';

const SHOWN = 8;

/** What an apply will do, exactly, for the question before it: what moves, from where, to where, and what else changes. */
export function applyText(plan: ApplyPlan, root: string, t: Translate): string {
  const rest = plan.paths.length - SHOWN;
  return [
    t('From {0}: {1}, {2}.', root, files(plan.paths.length, t), bytes(plan.bytes)),
    t('Into {0}, inside it. Nothing is deleted; "Restore" brings everything back.', plan.quarantine),
    ...(plan.manifest === undefined ? [] : [t('Their rows are taken out of {0}.', plan.manifest)]),
    ...(plan.warnings ?? []),
    '',
    ...plan.paths.slice(0, SHOWN),
    ...(rest > 0 ? [t('... and {0} more.', count(rest))] : []),
  ].join('\n');
}
