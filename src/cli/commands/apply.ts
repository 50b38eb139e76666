import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { KindredError } from '../../rpc/errors';
import type { ApplyPlan } from '../../trainer/protocol';
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
Nothing is deleted: the files move to <dataset>/kindred.quarantine, and "kindred restore" brings them back.

Examples:
  kindred apply photos --dry-run
  kindred apply photos --yes`;

const SHOWN = 20;

export function addApply(program: Command, running: Running): void {
  const command = program
    .command('apply')
    .description('move the images that were decided to be removed to the quarantine')
    .option('--dry-run', 'only say what would be moved')
    .option('--yes', 'do not ask')
    .addHelpText('after', EXAMPLES);
  running.serve(command, async (session) => {
    const options = command.opts<Options>();
    await session.open();
    const plan = await session.call('apply.plan', { dataset: session.ref });
    if (plan.items.length === 0) {
      return { code: EXIT.fine, document: { plan, applied: false }, text: 'No image is marked to be removed.' };
    }
    if (options.dryRun) return { code: EXIT.fine, document: { plan, applied: false }, text: planText(plan) };
    if (!options.yes && !(await isAgreed(session, plan, options))) {
      return { code: EXIT.fine, document: { plan, applied: false }, text: 'Nothing was moved.' };
    }
    return moved(session, plan);
  });
}

async function moved(session: Session, plan: ApplyPlan): Promise<Outcome> {
  const report = await session.call('apply.run', { dataset: session.ref });
  const { batch, moved: files, problems } = report;
  const text = `${count(files, 'image')} (${bytesText(batch.bytes)}) moved to ${plan.quarantine}/${batch.id}. "kindred restore" brings them back.`;
  const code = problems.length > 0 ? EXIT.problems : EXIT.fine;
  return { code, document: { plan, applied: true, ...report }, text: text + problemsText(problems) };
}

async function isAgreed(session: Session, plan: ApplyPlan, { json }: Options): Promise<boolean> {
  if (json || !process.stdin.isTTY) {
    throw new KindredError('invalid-argument', `${count(plan.items.length, 'image')} would be moved.`, {
      remedy: 'Add --yes to move them, or --dry-run to see which.',
    });
  }
  session.clearProgress();
  const question = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await question.question(`${planText(plan)}\nMove them? (y/N) `, { signal: session.signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    throw new KindredError('cancelled', 'Cancelled.', { remedy: 'Nothing was moved.' });
  } finally {
    question.close();
  }
}

function planText({ paths, bytes, quarantine, manifest, warnings = [] }: ApplyPlan): string {
  const shown = paths.slice(0, SHOWN).map((path) => `  ${path}`);
  if (paths.length > SHOWN) shown.push(`  ... and ${paths.length - SHOWN} more (all of them with --json)`);
  const rows = manifest === undefined ? [] : [`Their rows leave ${manifest}.`];
  const head = `${count(paths.length, 'image')} (${bytesText(bytes)}) would move to ${quarantine}:`;
  return [head, ...shown, ...rows, ...warnings.map((warning) => `Warning: ${warning}`)].join('\n');
}
