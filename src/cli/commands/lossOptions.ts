/** How likeness is learned: the loss, and what it is composed of. */
import { type Command, Option } from 'commander';
import { KindredError } from '../../rpc/errors';
import type { Distance, LossKind, LossSettings, MinerKind, Reducer } from '../../trainer/protocol';
import { CHOICES, DEFAULT_LOSSES } from '../../trainer/training/choices';
import { DISTANCES, MINERS, REDUCERS } from '../../trainer/types/pairLosses';
import { LOSSES } from '../../trainer/types/training';
import { number, whole } from '../options';

export interface LossOptions {
  readonly loss?: LossKind;
  readonly miner?: MinerKind;
  readonly distance?: Distance;
  readonly reducer?: Reducer;
  readonly memory?: number;
  readonly margin?: number;
  readonly positiveMargin?: number;
  readonly temperature?: number;
  readonly soft?: boolean;
  readonly swap?: boolean;
}

const OPTIONS = [
  'loss',
  'miner',
  'distance',
  'reducer',
  'memory',
  'margin',
  'positiveMargin',
  'temperature',
  'soft',
  'swap',
] as const satisfies readonly (keyof LossOptions)[];

export function addLoss(command: Command): void {
  command
    .addOption(new Option('--loss <kind>', 'how likeness is learned (sums of losses: kindred.json)').choices(LOSSES))
    .addOption(new Option('--miner <kind>', 'which pairs or triplets of a batch count').choices(MINERS))
    .addOption(new Option('--distance <kind>', 'how the loss measures how far two are apart').choices(DISTANCES))
    .addOption(new Option('--reducer <kind>', 'how the losses of pairs become one number').choices(REDUCERS))
    .option('--memory <n>', 'compare with the last n embeddings of earlier batches too', whole(2, 65_536))
    .option('--margin <number>', 'by how much others must be further away (most losses)', number(0, 90))
    .option('--positive-margin <distance>', 'distance within which a pair is near enough (contrastive)', number(0, 2))
    .option('--temperature <number>', 'sharpness of the comparison (nt-xent and its like)', number(0.001, 10))
    .option('--soft', 'a triplet never stops pulling (triplet loss)')
    .option('--swap', 'compare the nearer of a pair with the negative (triplet loss)');
}

/** The first option that says how the loss is, as it is written; undefined when there is none. */
export function lossOptionOf(options: LossOptions): string | undefined {
  const name = OPTIONS.find((key) => options[key] !== undefined);
  return name === undefined ? undefined : optionText(name);
}

/** Another loss begins from its own defaults. An option that the loss does not know is refused, as it would do nothing. */
export function lossWith(base: LossSettings, options: LossOptions): LossSettings {
  const loss = options.loss === undefined || options.loss === base.kind ? base : DEFAULT_LOSSES[options.loss];
  const { miner, distance, reducer, margin, positiveMargin, temperature, soft, swap } = options;
  const memory = options.memory === undefined ? undefined : { size: options.memory };
  const given = { miner, distance, reducer, memory, margin, positiveMargin, temperature, soft, swap };
  const changed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const key = name === 'margin' && 'negativeMargin' in loss ? 'negativeMargin' : name;
    if (!Object.hasOwn(CHOICES.loss.rules[loss.kind], key)) throw unknownOption(loss.kind, name);
    changed[key] = value;
  }
  // What each may be is checked by the trainer.
  return { ...loss, ...changed };
}

function unknownOption(kind: LossKind, name: string): KindredError {
  const option = optionText(name);
  return new KindredError('invalid-argument', `The loss ${kind} has no ${option}.`, {
    remedy: `Leave ${option} out, or choose another --loss.`,
  });
}

/** "positiveMargin" -> "--positive-margin" */
function optionText(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
