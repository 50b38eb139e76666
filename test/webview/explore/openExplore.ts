import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { emojiAnswer } from '../harness/emoji';
import { startHarness, type PanelHarness, type PanelOptions, type PanelUnderTest } from '../harness/harness';

export const subject = { view: 'explore', dataset: { root: '/data/emoji' }, model: 'descriptor' };
/** Points only: pictures would cover them. */
export const plain = { subject, fingerprint: 'f1', pictures: false };

/** The Explore panel for the tests of one file: what a test opens must not complain, and is closed after it. */
export interface ExplorePages {
  /** With points only, unless the options say otherwise. */
  readonly open: (options?: PanelOptions) => Promise<PanelUnderTest>;
}

export function explorePages(): ExplorePages {
  let harness: PanelHarness;
  const opened: PanelUnderTest[] = [];
  beforeAll(async () => {
    harness = await startHarness({ view: 'explore', host: 'test/webview/explore/exploreHost.ts', data: emojiAnswer });
  });
  afterEach(async () => {
    for (const panel of opened.splice(0)) {
      expect(panel.complaints).toEqual([]);
      await panel.page.close();
    }
  });
  afterAll(() => harness.close());
  return {
    open: async (options = {}) => {
      const panel = await harness.open({ state: plain, ...options });
      opened.push(panel);
      return panel;
    },
  };
}

/** The map is there and nothing is being made any more. */
export async function settled(panel: PanelUnderTest): Promise<void> {
  await panel.frame.waitForSelector('.map-canvas');
  await panel.frame.waitForSelector('.status .progress', { state: 'hidden' });
}
