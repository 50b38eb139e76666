import type { Command } from 'commander';
import type { Decision, DecisionState } from '../../trainer/protocol';
import { EXIT } from '../exitCodes';
import type { Running } from '../running';
import type { CommonOptions } from '../session';
import { count, table } from '../table';

interface Options extends CommonOptions {
  readonly undo?: boolean;
}

const EXAMPLES = `
Examples:
  kindred decisions photos
  kindred decisions photos --undo        (takes back what was decided last, in one go)`;

export function addDecisions(program: Command, running: Running): void {
  const command = program
    .command('decisions')
    .description('list what was decided, or take the last decision back')
    .option('--undo', 'take back what was decided last')
    .addHelpText('after', EXAMPLES);
  running.serve(command, async (session) => {
    const { undo } = command.opts<Options>();
    await session.open();
    const dataset = session.ref;
    const before = await session.call('decisions.state', { dataset });
    const state = undo ? await session.call('decisions.undo', { dataset }) : before;
    const undone = before.decisions.length - state.decisions.length;
    const told = undo ? [before.canUndo ? 'Taken back.' : 'There is nothing to take back.', ''] : [];
    const text = [...told, listText(state)].join('\n');
    return { code: EXIT.fine, document: { ...state, undone }, text };
  });
}

function listText({ decisions, remove, relabel = [] }: DecisionState): string {
  if (decisions.length === 0) return 'Nothing is decided.';
  const rows = decisions.map((decision) => [
    decision.at.slice(0, 19).replace('T', ' '),
    'label' in decision ? `${decision.kind}: ${decision.label}` : decision.kind,
    pathsOf(decision),
  ]);
  const labels = relabel.length > 0 ? `, ${count(relabel.length, 'label')} to be changed` : '';
  const next = `${count(remove.length, 'item')} to be removed${labels} by the next apply.`;
  return `${table(['When (UTC)', 'Decision', 'About'], rows)}\n\n${next}`;
}

function pathsOf(decision: Decision): string {
  if (decision.kind === 'undo') return '';
  return decision.kind === 'not-duplicate' ? decision.items.map((item) => item.path).join(', ') : decision.item.path;
}
