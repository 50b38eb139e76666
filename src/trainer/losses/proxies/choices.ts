/** Defaults and limits of the losses that learn proxies. */
import { integer, number, type Rules } from '../../training/rules';
import type { ClassLossKind, ClassLossSettings } from '../../types/classLosses';

type Defaults = { readonly [K in ClassLossKind]: Extract<ClassLossSettings, { kind: K }> };

/** Proxies start at random and with length sqrt(D), so that they need larger steps than the network. */
const proxyRate = 10;

export const DEFAULT_CLASS_LOSSES: Defaults = {
  'normalised-softmax': { kind: 'normalised-softmax', temperature: 0.05, proxyRate },
  'proxy-nca': { kind: 'proxy-nca', scale: 1, proxyRate },
  'proxy-anchor': { kind: 'proxy-anchor', margin: 0.1, scale: 32, proxyRate },
  arcface: { kind: 'arcface', margin: 28.6, scale: 64, proxyRate },
  'sub-centre-arcface': { kind: 'sub-centre-arcface', margin: 28.6, scale: 64, centres: 3, proxyRate },
  cosface: { kind: 'cosface', margin: 0.35, scale: 64, proxyRate },
  'soft-triple': { kind: 'soft-triple', centres: 10, scale: 20, gamma: 0.1, margin: 0.01, proxyRate },
};

const PROXIES: Rules = { proxyRate: number(0.001, 10_000) };
const SCALE = number(0.01, 1000);
const CENTRES = integer(1, 100);
const DEGREES = number(0, 90);

export const CLASS_LOSS_RULES: Readonly<Record<ClassLossKind, Rules>> = {
  'normalised-softmax': { ...PROXIES, temperature: number(0.001, 10) },
  'proxy-nca': { ...PROXIES, scale: SCALE },
  'proxy-anchor': { ...PROXIES, margin: number(0, 1), scale: SCALE },
  arcface: { ...PROXIES, margin: DEGREES, scale: SCALE },
  'sub-centre-arcface': { ...PROXIES, margin: DEGREES, scale: SCALE, centres: CENTRES },
  cosface: { ...PROXIES, margin: number(0, 1), scale: SCALE },
  'soft-triple': { ...PROXIES, centres: CENTRES, scale: SCALE, gamma: number(0.001, 10), margin: number(0, 1) },
};
