import type { Command } from 'commander';
import { adviceOf } from '../../rpc/errors';
import type { RunSummary } from '../../trainer/protocol';
import { EXIT } from '../exitCodes';
import type { Running } from '../running';
import type { CommonOptions } from '../session';
import { percent, table } from '../table';

interface Options extends CommonOptions {
  readonly delete?: string;
}

const EXAMPLES = `
Examples:
  kindred runs photos
  kindred runs photos --delete first`;

export function addRuns(program: Command, running: Running): void {
  const command = program
    .command('runs')
    .description('list the trained runs, or delete one')
    .option('--delete <run>', 'delete a run with its model')
    .addHelpText('after', EXAMPLES);
  running.serve(command, async (session) => {
    const options = command.opts<Options>();
    if ((await session.overview()) === undefined) await session.open();
    if (options.delete !== undefined)
      await session.call('training.delete', { dataset: session.ref, run: options.delete });
    const { runs } = await session.call('dataset.overview', { dataset: session.ref });
    const rows = runs.map(({ name, state, settings, step, steps, best, baselineRecallAt1 }) => [
      name,
      state,
      settings.loss.kind,
      `${step} of ${steps}`,
      best ? percent(best.recallAt1) : '-',
      baselineRecallAt1 === undefined ? '-' : percent(baselineRecallAt1),
    ]);
    const head = ['Run', 'State', 'Loss', 'Steps', 'Recall@1', 'Baseline'];
    return {
      code: EXIT.fine,
      document: { runs },
      text: runs.length === 0 ? 'Nothing is trained yet.' : [table(head, rows), ...failures(runs)].join('\n'),
    };
  });
}

/** Why which run failed, a line each after an empty one. */
function failures(runs: readonly RunSummary[]): string[] {
  const lines = runs.flatMap(({ name, failure }) => (failure ? [`Run "${name}" failed: ${adviceOf(failure)}`] : []));
  return lines.length === 0 ? [] : ['', ...lines];
}
