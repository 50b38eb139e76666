/**
 * Sets up all that the tests need, then runs every one: types, lint, unit and numerics, panels in Chromium, the extension in a
 * real VS Code. Arguments go to Vitest: `npm test -- test/trainer` runs one folder and skips the checks of the whole.
 */
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { ensureDependencies, must, node, root, run } from './lib/setup.mjs';

const chosen = process.argv.slice(2);

await ensureDependencies();
const { ensureSample } = await import('./sample.mjs');
const { findChromium } = await import('./lib/chromium.mjs');
const { ensureVSCodeServer } = await import('./lib/vscodeServer.mjs');

const browser = await findChromium();
if (browser === undefined) {
  console.error(
    'No Chromium was found. Install Chromium or Chrome, or name one in the environment variable CHROME_PATH.',
  );
  process.exit(1);
}
await ensureSample();
await ensureSample({ packed: true });
await ensureVSCodeServer();
await must(...node('scripts/build.mjs', '--tests'));
if (chosen.length === 0) {
  await must(...node('scripts/typecheck.mjs'));
  await must(...node('node_modules/eslint/bin/eslint.js', '.'));
  await must(...node('node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'));
}

const report = path.join(root, 'out/test-report.json');
await rm(report, { force: true });
const code = await run(
  ...node(
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...chosen,
  ),
  { env: { ...process.env, CHROME_PATH: browser } },
);
const { numPassedTests, numFailedTests } = JSON.parse(await readFile(report, 'utf8'));
console.log(`${numPassedTests} passed, ${numFailedTests} failed`);
process.exit(code);
