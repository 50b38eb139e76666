import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { repository, VSCodeWindow } from './window';

let window: VSCodeWindow | undefined;
let workspace: string | undefined;
afterEach(async () => {
  await window?.close();
  if (workspace !== undefined) await rm(workspace, { recursive: true, force: true });
});

it('passes the suite that runs inside the extension host', async () => {
  workspace = await mkdtemp(path.join(tmpdir(), 'kindred-workspace-'));
  window = await VSCodeWindow.open({ workspace, tests: path.join(repository, 'out/test/index.js') });
  const { code, output } = await window.runTests();
  console.log(output);
  expect(code, output).toBe(0);
});
