import type { LossSettings } from '../types/training';
import type { ClassLossSettings } from '../types/classLosses';
import type { PairLossSettings } from '../types/pairLosses';
import { PAIR_LOSSES } from '../types/pairLosses';
import type { Loss, LossSizes } from './loss';
import { pairLossOf } from './pairLossOf';
import { classLossOf } from './proxies/classLossOf';
import { sumOfLosses } from './sum';

/** The loss that the settings name, with their parameters, for a training of that size. */
export function lossOf(settings: LossSettings, sizes: LossSizes): Loss {
  if (settings.kind === 'sum') {
    return sumOfLosses(settings.parts.map(({ weight, loss }) => ({ weight, loss: lossOf(loss, sizes) })));
  }
  return isPairLoss(settings) ? pairLossOf(settings, sizes) : classLossOf(settings, sizes);
}

export function isPairLoss(settings: PairLossSettings | ClassLossSettings): settings is PairLossSettings {
  return (PAIR_LOSSES as readonly string[]).includes(settings.kind);
}
