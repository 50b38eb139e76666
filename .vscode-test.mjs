/** `npx @vscode/test-cli` runs the suite of test/extension in a desktop VS Code that it downloads; see CONTRIBUTING.md. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export default {
  files: 'out/test/mocha.js',
  workspaceFolder: mkdtempSync(path.join(tmpdir(), 'kindred-workspace-')),
  launchArgs: ['--disable-extensions', '--disable-workspace-trust'],
  mocha: { ui: 'tdd', timeout: 300_000 },
};
