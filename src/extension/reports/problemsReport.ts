import type { DatasetWarning, FileProblem } from '../../trainer/protocol';
import type { Translate } from '../ui/l10n';
import { unusableFiles } from '../ui/counts';
import { count } from '../ui/progressText';
import { document, escape, table } from './markdown';

const MOST = 2000;

/** What is wrong with which file, and what to do. */
export function problemsReport(
  name: string,
  problems: readonly FileProblem[],
  warnings: readonly DatasetWarning[],
  t: Translate,
): string {
  const rest = problems.length > MOST ? t('... and {0} more.', count(problems.length - MOST)) : '';
  return document(
    `# ${t('Problems of {0}', escape(name))}`,
    problems.length + warnings.length === 0 ? t('There are none.') : '',
    warnings.map((warning) => `- **${escape(warning.message)}** ${escape(warning.remedy)}`).join('\n'),
    problems.length > 0
      ? `## ${unusableFiles(problems.length, t)}\n\n${t('All others are used; these were left out.')}`
      : '',
    table(
      [t('File'), t('What is wrong'), t('What to do')],
      problems.slice(0, MOST).map((problem) => [problem.path, problem.reason, problem.remedy]),
    ),
    rest,
  );
}
