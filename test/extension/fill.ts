import type { Translate } from '../../src/extension/ui/l10n';

/** English: fills the places of a text, as VS Code does. */
export const fill: Translate = (message, ...args) =>
  message.replace(/\{(\d+)\}/g, (_, index: string) => String(args[Number(index)]));
