import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { repository, VSCodeWindow } from './window';

/** Pictures of windows, for whoever wants to look at them. */
const PICTURES = path.join(repository, 'out/screenshots');

/** One window on one folder, for the tests of a file, which follow each other as a person would go on. */
export interface Sitting {
  /** The workspace: only this folder, and nothing of it outlives the tests. */
  readonly folder: string;
  readonly window: VSCodeWindow;
  /** The document of the panel that is shown now. */
  readonly panel: () => FrameLocator;
  /** A file of the dataset's store. */
  readonly store: (file: string) => string;
  /** Keeps a picture of the window in out/screenshots. */
  readonly picture: (name: string) => Promise<void>;
}

/** @param fill puts the dataset into the folder, which has this name */
export function sitting(name: string, fill: (folder: string) => Promise<void>): Sitting {
  let folder = '';
  let window: VSCodeWindow | undefined;
  const opened = (): VSCodeWindow => {
    if (!window) throw new Error('The window is not open yet.');
    return window;
  };
  beforeAll(async () => {
    await mkdir(PICTURES, { recursive: true });
    folder = path.join(await mkdtemp(path.join(tmpdir(), 'kindred-sitting-')), name);
    await mkdir(folder);
    await fill(folder);
    window = await VSCodeWindow.open({ workspace: folder, settings: { 'workbench.colorTheme': 'Dark Modern' } });
    await window.load();
    await window.kindred();
  });
  afterAll(async () => {
    await window?.close();
    await rm(path.dirname(folder), { recursive: true, force: true });
  });
  return {
    get folder() {
      return folder;
    },
    get window() {
      return opened();
    },
    panel: () => opened().panel(),
    store: (file) => path.join(folder, '.kindred', file),
    picture: async (picture) => {
      await opened().page.screenshot({ path: path.join(PICTURES, `${picture}.png`) });
    },
  };
}
