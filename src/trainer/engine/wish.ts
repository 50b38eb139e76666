import { KindredError } from '../../rpc/errors';
import { DEVICES, ENGINES, type EngineWish } from '../types/engine';

/**
 * What the settings `kindred.engine` and `kindred.device` and the command line pass on.
 * @throws KindredError `invalid-argument` when there is no such engine or device
 */
export function wishFrom(environment: Readonly<Record<string, string | undefined>> = process.env): EngineWish {
  return {
    engine: oneOf(ENGINES, environment, 'KINDRED_ENGINE', 'engine'),
    device: oneOf(DEVICES, environment, 'KINDRED_DEVICE', 'device'),
  };
}

function oneOf<T extends string>(
  known: readonly T[],
  environment: Readonly<Record<string, string | undefined>>,
  variable: string,
  what: string,
): T | 'auto' {
  const value = environment[variable] ?? '';
  if (value === '' || value === 'auto') return 'auto';
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  throw new KindredError('invalid-argument', `There is no ${what} "${value}".`, {
    remedy: `Set kindred.${what} (or --${what}, or ${variable}) to auto, ${known.join(', ')}.`,
  });
}
