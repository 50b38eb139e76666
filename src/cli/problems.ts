import type { FileProblem } from '../trainer/protocol';
import { count } from './table';

const SHOWN = 20;

/** Problems in words, a paragraph; nothing when there are none. */
export function problemsText(problems: readonly FileProblem[]): string {
  if (problems.length === 0) return '';
  const lines = problems.slice(0, SHOWN).map(({ path, reason, remedy }) => `  ${path} ${reason}. ${remedy}`);
  const more = problems.length > SHOWN ? [`  ... and ${problems.length - SHOWN} more (all of them with --json)`] : [];
  return ['', `${count(problems.length, 'problem')}:`, ...lines, ...more].join('\n');
}
