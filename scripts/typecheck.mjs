/** Type-checks every room with its own tsconfig.json: the trainer has no DOM, a panel no Node, only the extension has vscode. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
const queue = ['.', 'src/trainer', 'src/cli', 'src/extension', 'src/webview', 'test', 'bench'];

/** @returns {Promise<boolean>} whether the room's types hold */
function check(room) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [tsc, '-p', path.join(root, room, 'tsconfig.json')], { stdio: 'inherit' });
    child.once('exit', (code) => resolve(code === 0));
  });
}

let sound = true;
async function worker() {
  for (let room = queue.shift(); room !== undefined; room = queue.shift()) sound = (await check(room)) && sound;
}
await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, worker));
process.exit(sound ? 0 : 1);
