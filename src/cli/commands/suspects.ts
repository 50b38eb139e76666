import type { Command } from 'commander';
import { KindredError } from '../../rpc/errors';
import type { SuspectList, Verdict } from '../../trainer/protocol';
import { EXIT } from '../exitCodes';
import type { Running } from '../running';
import type { CommonOptions, Session } from '../session';
import { count, table } from '../table';

const SHOWN = 50;
/** A list with more than this share of all labels says more about the run than about the labels. */
const MOST_SHARE = 0.3;

const EXAMPLES = `
Such a run is made with: kindred train photos --loss sub-centre-arcface

Examples:
  kindred suspects photos
  kindred suspects photos first --json
  kindred suspects photos --relabel      (then: kindred apply photos)`;

export function addSuspects(program: Command, running: Running): void {
  const command = program
    .command('suspects')
    .description('list the items whose label a run with the loss sub-centre-arcface suspects to be wrong')
    .option('--relabel', 'decide that those which look like another label get it, where nothing is decided yet')
    .addHelpText('after', EXAMPLES);
  running
    .serve(command, async (session) => {
      const run = await runWith(session, command.args.at(1));
      const list = await session.call('training.suspects', { dataset: session.ref, run });
      const decided = command.opts<Options>().relabel ? await relabel(session, list) : 0;
      const text = decided > 0 ? `\n\n${count(decided, 'label')} to be changed by the next apply.` : '';
      const code = list.suspects.length > decided ? EXIT.problems : EXIT.fine;
      return { code, document: { ...list, decided }, text: suspectsText(list) + text };
    })
    .argument('[run]', 'the run (default: the newest one with that loss)');
}

interface Options extends CommonOptions {
  readonly relabel?: boolean;
}

/** Gives how many labels are to be changed; what a person has decided stays. */
async function relabel(session: Session, { suspects }: SuspectList): Promise<number> {
  const dataset = session.ref;
  const { keep, remove, relabel: decided = [], labelRight = [] } = await session.call('decisions.state', { dataset });
  const known = new Set([...keep, ...remove, ...labelRight, ...decided.map(({ item }) => item)]);
  const wrong = suspects.filter(({ item, label, nearestLabel }) => nearestLabel !== label && !known.has(item));
  const details = await session.call('dataset.items', { dataset, items: wrong.map(({ item }) => item) });
  const verdicts = details.map(({ hash, path }, at): Verdict => ({
    kind: 'relabel',
    item: { hash, path },
    label: wrong[at].nearestLabel,
  }));
  if (verdicts.length > 0) await session.call('decisions.record', { dataset, verdicts });
  return verdicts.length;
}

async function runWith(session: Session, name: string | undefined): Promise<string> {
  await session.open();
  if (name !== undefined) return name.replace(/^run:/, '');
  const runs = (await session.overview())?.runs ?? [];
  const newest = runs.filter(({ settings }) => settings.loss.kind === 'sub-centre-arcface').at(-1);
  if (newest !== undefined) return newest.name;
  throw new KindredError('not-found', 'No run was trained with the loss sub-centre-arcface.', {
    remedy: 'Train one: kindred train <dataset> --loss sub-centre-arcface.',
  });
}

function suspectsText({ run, threshold, items, suspects }: SuspectList): string {
  if (suspects.length === 0) return `The run "${run}" suspects none of ${count(items, 'label')}.`;
  const rows = suspects
    .slice(0, SHOWN)
    .map(({ path, label, nearestLabel, angle }) => [path, label, nearestLabel, `${angle.toFixed(0)}°`]);
  const more = suspects.length > SHOWN ? `\n... and ${suspects.length - SHOWN} more (all of them with --json)` : '';
  const head = `The run "${run}" suspects ${suspects.length} of ${count(items, 'label')}: farther than ${threshold}° from the centre of their class.`;
  const doubt =
    suspects.length > MOST_SHARE * items
      ? '\nThat is so many that the run has hardly learned the classes: train it longer, or with more items of each.'
      : '';
  return `${head}${doubt}\n\n${table(['Image', 'Label', 'Looks like', 'Angle'], rows)}${more}`;
}
