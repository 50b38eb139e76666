#!/usr/bin/env node
/**
 * The command `kindred`. In the repository it builds the command line first when the sources are newer than what was built;
 * an installed package has no sources and just runs.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const built = path.join(root, 'dist', 'cli.js');
const build = path.join(root, 'scripts', 'build.mjs');

/** When the newest of the sources that make the command line was changed. */
function newestSource() {
  let newest = 0;
  for (const room of ['cli', 'trainer', 'rpc']) {
    const folder = path.join(root, 'src', room);
    if (!existsSync(folder)) continue;
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
      newest = Math.max(newest, statSync(path.join(entry.parentPath ?? entry.path, entry.name)).mtimeMs);
    }
  }
  return newest;
}

if (existsSync(build) && (!existsSync(built) || statSync(built).mtimeMs < newestSource())) {
  process.stderr.write('Building Kindred ...\n');
  // Its words go to stderr: standard output belongs to the command.
  const { status } = spawnSync(process.execPath, [build], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    process.stderr.write(
      'Error: Kindred could not be built.\nRun "npm install" and "npm run build", and see what they say.\n',
    );
    process.exit(2);
  }
}
if (!existsSync(built)) {
  process.stderr.write('Error: Kindred is not built.\nRun: npm run build\n');
  process.exit(2);
}
createRequire(import.meta.url)(built);
