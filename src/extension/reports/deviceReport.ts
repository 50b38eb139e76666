import type { EngineReport } from '../../trainer/protocol';
import type { Translate } from '../ui/l10n';
import { document, escape, table } from './markdown';

/** What trainings are computed with, why, and what was found out about every other device. */
export function deviceReport({ engine, deviceName, reason, tried }: EngineReport, t: Translate): string {
  const rows = tried.map(({ device, outcome }) => [device, outcome]);
  return document(
    `# ${t('Compute device')}`,
    t('Trainings are computed on **{0}**, by the engine `{1}`.', escape(deviceName), engine),
    escape(reason),
    rows.length === 0 ? '' : `## ${t('What was tried')}\n\n${table([t('Device'), t('Outcome')], rows)}`,
    t('The settings `kindred.engine` and `kindred.device` choose otherwise.'),
  );
}
