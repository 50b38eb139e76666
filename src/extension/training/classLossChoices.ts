import type { ClassLossKind, ClassLossSettings } from '../../trainer/protocol';
import type { Translate } from '../ui/l10n';

const proxyRate = 10;

/** With the trainer's own defaults (a test compares them). */
export const CLASS_LOSSES: readonly ClassLossSettings[] = [
  { kind: 'proxy-anchor', margin: 0.1, scale: 32, proxyRate },
  { kind: 'normalised-softmax', temperature: 0.05, proxyRate },
  { kind: 'proxy-nca', scale: 1, proxyRate },
  { kind: 'arcface', margin: 28.6, scale: 64, proxyRate },
  { kind: 'sub-centre-arcface', margin: 28.6, scale: 64, centres: 3, proxyRate },
  { kind: 'cosface', margin: 0.35, scale: 64, proxyRate },
  { kind: 'soft-triple', centres: 10, scale: 20, gamma: 0.1, margin: 0.01, proxyRate },
];

export function classLossName(kind: ClassLossKind, t: Translate): string {
  switch (kind) {
    case 'normalised-softmax':
      return t('Normalised softmax');
    case 'proxy-nca':
      return t('Proxy-NCA');
    case 'proxy-anchor':
      return t('Proxy-Anchor');
    case 'arcface':
      return t('ArcFace');
    case 'sub-centre-arcface':
      return t('Sub-centre ArcFace');
    case 'cosface':
      return t('CosFace');
    case 'soft-triple':
      return t('SoftTriple');
  }
}

export function aboutClassLoss(kind: ClassLossKind, t: Translate): string {
  switch (kind) {
    case 'normalised-softmax':
      return t(
        'Learns a centre of each label and classifies by the angle to it. Quick and steady when labels are many.',
      );
    case 'proxy-nca':
      return t('Learns a centre of each label and draws items to their own, by distance. Needs no pairs in a batch.');
    case 'proxy-anchor':
      return t(
        'Learns a centre of each label, which pulls its hardest items most. Among the best when labels are right.',
      );
    case 'arcface':
      return t('Learns a centre of each label with a margin of angle between them. The usual choice for faces.');
    case 'sub-centre-arcface':
      return t('ArcFace with some centres a label: wrong labels stand apart, and are listed as suspects afterwards.');
    case 'cosface':
      return t('Learns a centre of each label with a margin of cosine between them. Simpler than ArcFace, as good.');
    case 'soft-triple':
      return t('Learns some centres of each label, for labels whose items look different from each other.');
  }
}
