/**
 * Runs the suite of test/extension in a desktop VS Code, where `npm test` runs it in the VS Code server:
 *
 *   npm install --no-save @vscode/test-cli@0.0.15 @vscode/test-electron@3.1.0
 *   npm run build -- --tests && npm run sample -- --packed && npx vscode-test
 *
 * It needs a display (on Linux: xvfb-run) and the network: VS Code itself is downloaded, into .vscode-test/.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export default {
  files: 'out/test/mocha.js',
  workspaceFolder: mkdtempSync(path.join(tmpdir(), 'kindred-workspace-')),
  launchArgs: ['--disable-extensions', '--disable-workspace-trust'],
  mocha: { ui: 'tdd', timeout: 300_000 },
};
