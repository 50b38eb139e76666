import type { LossSettings, PairLossSettings } from '../../trainer/protocol';
import type { Translate } from '../ui/l10n';
import { aboutClassLoss, CLASS_LOSSES, classLossName } from './classLossChoices';
import { aboutPairLoss, minerName, PAIR_LOSSES, pairLossName } from './pairLossChoices';

export interface LossChoice {
  readonly name: string;
  readonly about: string;
  readonly loss: LossSettings;
}

/** The losses that a person may choose, the current one first and with its own parameters. */
export function lossChoices(current: LossSettings, t: Translate): LossChoice[] {
  const others = LOSSES.filter((loss) => variant(loss) !== variant(current));
  return [current, ...others].map((loss) => ({ loss, name: lossName(loss, t), about: about(loss, t) }));
}

export function lossName(loss: LossSettings, t: Translate): string {
  if (loss.kind === 'sum') return loss.parts.map((part) => lossName(part.loss, t)).join(' + ');
  return isPairLoss(loss) ? pairLossName(loss, t) : classLossName(loss.kind, t);
}

/** With the trainer's own defaults (a test compares them); kindred.json is the place for other parameters, and for sums. */
export const LOSSES: readonly LossSettings[] = [...PAIR_LOSSES, ...CLASS_LOSSES];

function variant(loss: LossSettings): string {
  return isPairLoss(loss) ? `${loss.kind}/${minerName(loss) ?? ''}` : loss.kind;
}

function about(loss: LossSettings, t: Translate): string {
  if (loss.kind === 'sum') return t('Several losses at once, as kindred.json says.');
  return isPairLoss(loss) ? aboutPairLoss(loss, t) : aboutClassLoss(loss.kind, t);
}

function isPairLoss(loss: LossSettings): loss is PairLossSettings {
  return PAIR_LOSSES.some(({ kind }) => kind === loss.kind);
}
