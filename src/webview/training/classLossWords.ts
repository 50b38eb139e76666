import type { ClassLossKind, ClassLossSettings } from '../../trainer/protocol';

export const CLASS_LOSS_NAMES: Readonly<Record<ClassLossKind, string>> = {
  'normalised-softmax': 'Normalised softmax',
  'proxy-nca': 'Proxy-NCA',
  'proxy-anchor': 'Proxy-Anchor',
  arcface: 'ArcFace',
  'sub-centre-arcface': 'Sub-centre ArcFace',
  cosface: 'CosFace',
  'soft-triple': 'SoftTriple',
};

const PARAMETERS: Readonly<Record<string, string>> = {
  proxyRate: 'learning rate of the proxies ×',
  centres: 'centres of a class',
};

/** The loss with its parameters: "ArcFace, margin 28.6, scale 64, learning rate of the proxies × 10". */
export function classLossWords({ kind, ...parameters }: ClassLossSettings): string {
  const words = Object.entries(parameters).map(([name, value]) => `${PARAMETERS[name] ?? name} ${value}`);
  return [CLASS_LOSS_NAMES[kind], ...words].join(', ');
}

const MARGIN = 'Each class has a learned centre; an item must be nearer to its own than to any other, by the margin.';

export const CLASS_LOSS_HELP: Readonly<Record<ClassLossKind, string>> = {
  'normalised-softmax': 'Each class has a learned centre; an item is drawn to its own and away from the others.',
  'proxy-nca': 'Each class has a learned centre; an item is drawn to its own and away from the others, by distance.',
  'proxy-anchor': 'Each class has a learned centre, which pulls its own items and pushes the others, the hardest most.',
  arcface: MARGIN,
  'sub-centre-arcface': `${MARGIN} A class has some centres, so that wrong labels stand apart.`,
  cosface: MARGIN,
  'soft-triple': 'Each class has some learned centres; an item is drawn to the nearest ones of its class.',
};
