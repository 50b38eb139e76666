import { KindredError } from '../../../src/rpc/errors';
import type { Handlers } from '../../../src/rpc/rpc';
import type { DatasetSummary } from '../../../src/trainer/protocol';
import { RELAYED_METHODS, type HostProtocol, type RelayedMethod } from '../../../src/webview/protocol';

function unasked(): never {
  throw new KindredError('invalid-argument', 'This panel does not ask for this.');
}

const questions = Object.fromEntries(RELAYED_METHODS.map((method) => [method, unasked])) as unknown as Pick<
  Handlers<HostProtocol>,
  RelayedMethod
>;

/** What a host answers to all that its test is not about: wishes are taken note of, and every question is one too many. */
export const standIns: Omit<Handlers<HostProtocol>, 'panel.subject'> = {
  ...questions,
  'panel.openItem': () => null,
  'panel.revealItem': () => null,
  'panel.command': () => null,
  'training.stop': () => null,
  'training.show': () => null,
  'training.save': () => true,
  'panel.log': ({ message }) => {
    console.error(message);
    return null;
  },
};

/** A dataset of so many items without labels or problems. */
export function plainSummary(root: string, name: string, items: number): DatasetSummary {
  return {
    ref: { root },
    name,
    source: { kind: 'class-folders' },
    modality: 'image',
    items,
    bytes: items * 1000,
    labels: [],
    splits: [],
    problems: [],
    warnings: [],
    fingerprint: 'f',
  };
}
