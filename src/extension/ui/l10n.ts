import * as vscode from 'vscode';

/** Translates a text with `{0}` places; texts are listed in l10n/bundle.l10n.json. Passed on to what must not import vscode. */
export type Translate = (message: string, ...args: (string | number)[]) => string;

export const t: Translate = (message, ...args) => vscode.l10n.t(message, ...args);
