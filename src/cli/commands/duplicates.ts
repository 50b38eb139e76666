import type { Command } from 'commander';
import type {
  DecisionState,
  DuplicateGroup,
  DuplicateReport,
  DuplicateSettings,
  ItemDetail,
  Modality,
  Verdict,
} from '../../trainer/protocol';
import { EXIT } from '../exitCodes';
import { number, whole } from '../options';
import type { Running } from '../running';
import type { CommonOptions, Session } from '../session';
import { bytesText, count, table } from '../table';

interface Options extends CommonOptions {
  readonly perceptual?: number;
  readonly model?: string;
  readonly distance?: number;
  readonly limit: number;
  readonly removeRedundant?: boolean;
}

/** A trained space spreads classes apart and is trusted further than hand-made descriptors. */
const DISTANCE = { run: 0.03, other: 0.01 };
/** As in the panel: a changed word moves more bits of a text's hash than saving anew does of a picture's. */
const PERCEPTUAL: Readonly<Record<Modality, number>> = { image: 6, text: 10 };

const EXAMPLES = `
Files with the same bytes are always found. Exit code 1 when there are groups of which more than one item would stay.

Examples:
  kindred duplicates photos
  kindred duplicates photos --perceptual 4 --model first --distance 0.02
  kindred duplicates photos --perceptual -1 --remove-redundant && kindred apply photos --yes`;

export function addDuplicates(program: Command, running: Running): void {
  const command = program
    .command('duplicates')
    .description('find exact and near duplicates')
    .option(
      '--perceptual <bits>',
      'largest distance of perceptual hashes, 0 to 20; -1 leaves them out (default: 6, of texts 10)',
      whole(-1, 20),
    )
    .option('--model <name>', 'compare embeddings too: a trained run, "descriptor", "pixels" or "vectors:<name>"')
    .option('--distance <cosine>', 'largest distance of embeddings (default: 0.03 for a run, else 0.01)', number(0, 1))
    .option('--limit <n>', 'groups to print (all of them with --json)', whole(0, 1_000_000), 20)
    .option(
      '--remove-redundant',
      'decide to remove all but the suggested one of every group of equal files with one label',
    )
    .addHelpText('after', EXAMPLES);
  running.serve(command, async (session) => {
    const options = command.opts<Options>();
    const { modality } = await session.open();
    const settings = await settingsOf(session, modality, options);
    const report = await session.call('duplicates.find', { dataset: session.ref, settings });
    const members = [...new Set(report.groups.flatMap((group) => group.items))];
    const details = await session.call('dataset.items', { dataset: session.ref, items: members });
    const detail = new Map(details.map((one) => [one.item, one]));
    const decided = options.removeRedundant ? await removeRedundant(session, report, detail) : 0;
    const state = await session.call('decisions.state', { dataset: session.ref });
    const open = report.groups.filter((group) => !isSettled(group, state));
    const groups = report.groups.map((group) => ({
      ...group,
      paths: group.items.map((item) => detail.get(item)?.path),
    }));
    const document = { ...report, groups, unsettled: open.length, decided };
    const code = open.length > 0 ? EXIT.problems : EXIT.fine;
    return { code, document, text: reportText(report, open, { detail, state, modality }, decided, options.limit) };
  });
}

async function settingsOf(
  session: Session,
  modality: Modality,
  { perceptual = PERCEPTUAL[modality], model, distance }: Options,
): Promise<DuplicateSettings> {
  if (model === undefined) return { perceptualDistance: perceptual, embeddingDistance: distance ?? DISTANCE.other };
  const id = await session.model(model);
  const embeddingDistance = distance ?? (id.startsWith('run:') ? DISTANCE.run : DISTANCE.other);
  return { perceptualDistance: perceptual, embedding: await session.embedding(id), embeddingDistance };
}

/** At most one of its items would stay. */
function isSettled({ items }: DuplicateGroup, { remove }: DecisionState): boolean {
  const gone = new Set(remove);
  return items.filter((item) => !gone.has(item)).length <= 1;
}

/** Equal files with different labels are left to a person: which label is right cannot be seen from the files. */
async function removeRedundant(
  session: Session,
  { groups }: DuplicateReport,
  detail: ReadonlyMap<number, ItemDetail>,
): Promise<number> {
  const { keep, remove } = await session.call('decisions.state', { dataset: session.ref });
  const judged = new Set([...keep, ...remove]);
  const verdicts = groups
    .filter((group) => group.exact && !group.labelConflict)
    .flatMap((group) => group.items.filter((item) => item !== group.suggestedKeep && !judged.has(item)))
    .map((item): Verdict => {
      const { hash, path } = detail.get(item)!;
      return { kind: 'remove', item: { hash, path } };
    });
  if (verdicts.length > 0) await session.call('decisions.record', { dataset: session.ref, verdicts });
  return verdicts.length;
}

/** What is known of the members beside their groups. */
interface Known {
  readonly detail: ReadonlyMap<number, ItemDetail>;
  readonly state: DecisionState;
  readonly modality: Modality;
}

function reportText(
  { groups, redundant }: DuplicateReport,
  open: readonly DuplicateGroup[],
  known: Known,
  decided: number,
  limit: number,
): string {
  const many = (some: readonly DuplicateGroup[]): string => count(some.length, 'group');
  const parts = [`${many(groups)} of duplicates; ${count(redundant, 'item')} could go.`];
  const conflicts = groups.filter((group) => group.labelConflict).length;
  const leaks = groups.filter((group) => group.crossesSplits).length;
  if (conflicts > 0) parts.push(`${count(conflicts, 'group')} with different labels.`);
  if (leaks > 0) parts.push(`${count(leaks, 'group')} across splits: what is tested was trained on.`);
  if (decided > 0)
    parts.push(
      `${count(decided, 'item')} marked to be removed. "kindred apply" moves them to the quarantine, "kindred decisions --undo" takes it back.`,
    );
  const shown = open.slice(0, limit).map((group) => `\n${groupText(group, known)}`);
  if (open.length > shown.length)
    shown.push(`\n... and ${count(open.length - shown.length, 'more group')} (--limit shows more)`);
  return [...parts, ...shown].join('\n');
}

function groupText(group: DuplicateGroup, { detail, state, modality }: Known): string {
  const [keep, remove] = [new Set(state.keep), new Set(state.remove)];
  const rows = group.items.map((item) => {
    const { path, label, split, width, height, bytes } = detail.get(item)!;
    const verdict = keep.has(item)
      ? 'keep'
      : remove.has(item)
        ? 'remove'
        : item === group.suggestedKeep
          ? '(keep)'
          : '';
    const size = modality === 'text' ? count(width, 'character') : `${width} x ${height}`;
    return [verdict, size, bytesText(bytes), label ?? '', split ?? '', path];
  });
  const traits = [
    group.exact ? 'the same file' : closest(group),
    ...(group.labelConflict ? ['different labels'] : []),
    ...(group.crossesSplits ? ['across splits'] : []),
  ];
  return `Group ${group.id}: ${traits.join(', ')}\n${table(['Verdict', modality === 'text' ? 'Length' : 'Pixels', 'Bytes', 'Label', 'Split', 'Path'], rows)}`;
}

function closest({ links }: DuplicateGroup): string {
  const least = (evidence: string): number =>
    Math.min(...links.filter((link) => link.evidence === evidence).map((link) => link.distance));
  const [bits, cosine] = [least('perceptual'), least('embedding')];
  const words = [
    ...(Number.isFinite(bits) ? [`hashes ${bits} bits apart`] : []),
    ...(Number.isFinite(cosine) ? [`embeddings ${cosine.toFixed(4)} apart`] : []),
  ];
  return words.length === 0 ? 'the same file, and others like it' : words.join(', ');
}
