import { defineConfig } from 'vitest/config';

/** How long a page or a window may take to show what is waited for. */
const patience = { poll: { timeout: 20_000 } };

/** Three kinds of test: in Node, in Chromium (panels, two at a time), in a real VS Code (one by one); one kind after the other. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          globalSetup: 'scripts/kernels.mjs',
          include: ['test/**/*.test.ts'],
          exclude: ['test/webview/**', 'test/vscode/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          pool: 'forks',
          // Vitest leaves a processor free for watching, which on a machine of two means one test file at a time.
          maxWorkers: '100%',
        },
      },
      {
        test: {
          name: 'chromium',
          expect: patience,
          include: ['test/webview/**/*.test.ts'],
          // A software-rendered browser on a busy machine may miss a frame; what is wrong fails twice.
          retry: 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'vscode',
          expect: patience,
          include: ['test/vscode/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 180_000,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
