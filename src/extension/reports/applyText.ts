import type { ApplyPlan } from '../../trainer/protocol';
import type { Translate } from '../ui/l10n';
import { files } from '../ui/counts';
import { bytes, count } from '../ui/progressText';

const SHOWN = 8;

/** What an apply will do, exactly, for the question before it: what moves, from where, to where, and what else changes. */
export function applyText(plan: ApplyPlan, root: string, t: Translate): string {
  const { relabel = [] } = plan;
  const lines = [...plan.paths, ...relabel.map(({ path, before, label }) => `${path}: ${before ?? '–'} → ${label}`)];
  const rest = lines.length - SHOWN;
  return [
    ...(plan.paths.length === 0 ? [] : removalText(plan, root, t)),
    ...(relabel.length === 0 ? [] : [relabelText(plan, relabel.length, t)]),
    ...(plan.warnings ?? []),
    '',
    ...lines.slice(0, SHOWN),
    ...(rest > 0 ? [t('... and {0} more.', count(rest))] : []),
  ].join('\n');
}

function removalText(plan: ApplyPlan, root: string, t: Translate): string[] {
  return [
    t('From {0}: {1}, {2}.', root, files(plan.paths.length, t), bytes(plan.bytes)),
    t('Into {0}, inside it. Nothing is deleted; "Restore" brings everything back.', plan.quarantine),
    ...(plan.manifest === undefined ? [] : [t('Their rows are taken out of {0}.', plan.manifest)]),
  ];
}

function relabelText({ manifest }: ApplyPlan, number: number, t: Translate): string {
  return manifest === undefined
    ? t('Another label for {0}, by a move to the folder of the label. "Restore" takes it back.', files(number, t))
    : t('Another label for {0}, written into {1}. "Restore" takes it back.', files(number, t), manifest);
}
