import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { KindredError } from '../../rpc/errors';
import type { ApplyPlan, PlannedRelabelling } from '../../trainer/protocol';
import { EXIT } from '../exitCodes';
import type { Outcome } from '../output';
import { problemsText } from '../problems';
import type { Running } from '../running';
import type { CommonOptions, Session } from '../session';
import { bytesText, count } from '../table';

interface Options extends CommonOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

const EXAMPLES = `
Nothing is deleted: the files move to <dataset>/kindred.quarantine, and "kindred restore" brings them back. A new label is written
into the manifest; without one, the file moves to the folder of the label.

Examples:
  kindred apply photos --dry-run
  kindred apply photos --yes`;

const SHOWN = 20;

export function addApply(program: Command, running: Running): void {
  const command = program
    .command('apply')
    .description('move the files that were decided to be removed to the quarantine, and give labels that were decided')
    .option('--dry-run', 'only say what would be moved')
    .option('--yes', 'do not ask')
    .addHelpText('after', EXAMPLES);
  running.serve(command, async (session) => {
    const options = command.opts<Options>();
    await session.open();
    const plan = await session.call('apply.plan', { dataset: session.ref });
    if (plan.items.length === 0 && relabelsOf(plan).length === 0) {
      const text = 'No item is marked to be removed or to get another label.';
      return { code: EXIT.fine, document: { plan, applied: false }, text };
    }
    if (options.dryRun) return { code: EXIT.fine, document: { plan, applied: false }, text: planText(plan) };
    if (!options.yes && !(await isAgreed(session, plan, options))) {
      return { code: EXIT.fine, document: { plan, applied: false }, text: 'Nothing was changed.' };
    }
    return moved(session, plan);
  });
}

async function moved(session: Session, plan: ApplyPlan): Promise<Outcome> {
  const report = await session.call('apply.run', { dataset: session.ref });
  const { batch, moved: files, relabelled = 0, problems } = report;
  const done = [
    ...(files > 0
      ? [`${count(files, 'file')} (${bytesText(batch.bytes)}) moved to ${plan.quarantine}/${batch.id}`]
      : []),
    ...(relabelled > 0 ? [`${count(relabelled, 'label')} changed`] : []),
  ];
  const text = done.length === 0 ? 'Nothing was changed.' : `${done.join(', ')}. "kindred restore" takes it back.`;
  const code = problems.length > 0 ? EXIT.problems : EXIT.fine;
  return { code, document: { plan, applied: true, ...report }, text: text + problemsText(problems) };
}

async function isAgreed(session: Session, plan: ApplyPlan, { json }: Options): Promise<boolean> {
  if (json || !process.stdin.isTTY) {
    throw new KindredError('invalid-argument', `${whatOf(plan)}.`, {
      remedy: 'Add --yes to do it, or --dry-run to see which.',
    });
  }
  session.clearProgress();
  const question = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await question.question(`${planText(plan)}\nDo it? (y/N) `, { signal: session.signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    throw new KindredError('cancelled', 'Cancelled.', { remedy: 'Nothing was moved.' });
  } finally {
    question.close();
  }
}

function relabelsOf({ relabel = [] }: ApplyPlan): readonly PlannedRelabelling[] {
  return relabel;
}

function whatOf(plan: ApplyPlan): string {
  const { length } = relabelsOf(plan);
  const removed = plan.items.length > 0 ? [`${count(plan.items.length, 'file')} would be moved`] : [];
  return [...removed, ...(length > 0 ? [`${count(length, 'label')} would be changed`] : [])].join(', ');
}

function planText(plan: ApplyPlan): string {
  const { paths, bytes, quarantine, manifest, warnings = [], blocked } = plan;
  const rows = manifest === undefined ? [] : [`Their rows leave ${manifest}.`];
  const head = `${count(paths.length, 'file')} (${bytesText(bytes)}) would move to ${quarantine}:`;
  const removed = paths.length === 0 ? [] : [head, ...shortened(paths), ...rows];
  const relabels = relabelsOf(plan).map(({ path, before, label }) => `${path}: ${before ?? '(none)'} -> ${label}`);
  const where = manifest === undefined ? 'by a move to the folder of the label' : `in ${manifest}`;
  const changed =
    relabels.length === 0
      ? []
      : [`${count(relabels.length, 'label')} would be changed, ${where}:`, ...shortened(relabels)];
  const notes = warnings.map((warning) => `Warning: ${warning}`);
  return [...removed, ...changed, ...notes, ...(blocked === undefined ? [] : [blocked])].join('\n');
}

function shortened(lines: readonly string[]): string[] {
  const shown = lines.slice(0, SHOWN).map((line) => `  ${line}`);
  if (lines.length > SHOWN) shown.push(`  ... and ${lines.length - SHOWN} more (all of them with --json)`);
  return shown;
}
