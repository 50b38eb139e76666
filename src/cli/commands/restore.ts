import type { Command } from 'commander';
import { KindredError } from '../../rpc/errors';
import type { QuarantineBatch } from '../../trainer/protocol';
import { EXIT } from '../exitCodes';
import { problemsText } from '../problems';
import type { Running } from '../running';
import type { CommonOptions, Session } from '../session';
import { bytesText, count, table } from '../table';

interface Options extends CommonOptions {
  readonly list?: boolean;
}

const EXAMPLES = `
Examples:
  kindred restore photos                 (the newest batch)
  kindred restore photos --list
  kindred restore photos 2026-01-31T09-30-00-000-1a2b3c4d`;

export function addRestore(program: Command, running: Running): void {
  const command = program
    .command('restore')
    .description('bring files back from the quarantine, and labels that an apply changed')
    .option('--list', 'only list the batches')
    .addHelpText('after', EXAMPLES);
  const served = running.serve(command, async (session) => {
    const options = command.opts<Options>();
    const batches = await batchesOf(session);
    if (options.list) return { code: EXIT.fine, document: { batches }, text: batchesText(batches) };
    const batch = command.args.at(1) ?? batches.find(({ state }) => state !== 'restored')?.id;
    if (batch === undefined) {
      throw new KindredError('not-found', 'There is nothing in quarantine to restore.', {
        remedy: 'See: kindred restore --list',
      });
    }
    const report = await session.call('apply.restore', { dataset: session.ref, batch });
    const { moved, relabelled = 0, problems } = report;
    const labels = relabelled > 0 ? ` ${count(relabelled, 'label')} changed back.` : '';
    const text = `${count(moved, 'file')} brought back from batch ${batch}.${labels}${problemsText(problems)}`;
    return { code: problems.length > 0 ? EXIT.problems : EXIT.fine, document: { ...report }, text };
  });
  served.argument('[batch]', 'which batch (default: the newest that is not restored)');
}

async function batchesOf(session: Session): Promise<readonly QuarantineBatch[]> {
  const overview = await session.overview();
  if (overview) return overview.batches;
  await session.open();
  return (await session.call('dataset.overview', { dataset: session.ref })).batches;
}

function batchesText(batches: readonly QuarantineBatch[]): string {
  if (batches.length === 0) return 'Nothing was ever moved to quarantine.';
  const rows = batches.map(({ id, files, bytes, relabelled = 0, state }) => [
    id,
    state,
    files,
    bytesText(bytes),
    relabelled,
  ]);
  return table(['Batch', 'State', 'Images', 'Bytes', 'Labels'], rows);
}
