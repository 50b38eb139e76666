import { afterAll, afterEach, beforeAll } from 'vitest';
import { startHarness, type PanelHarness, type PanelUnderTest } from '../harness/harness';

type Options = Parameters<PanelHarness['open']>[0];

/** The training panel for the tests of one file: what a test opens is closed after it. */
export interface TrainingPages {
  readonly open: (options: Options) => Promise<PanelUnderTest>;
  /** As `open`, and waits until the curves are drawn. */
  readonly openDrawn: (query: Record<string, string>, options?: Options) => Promise<PanelUnderTest>;
}

export function trainingPages(): TrainingPages {
  let harness: PanelHarness;
  const opened: PanelUnderTest[] = [];
  beforeAll(async () => {
    harness = await startHarness({ view: 'training', host: 'test/webview/training/trainingHost.ts' });
  });
  afterEach(async () => {
    for (const panel of opened.splice(0)) await panel.page.close();
  });
  afterAll(() => harness.close());
  const open = async (options: Options): Promise<PanelUnderTest> => {
    const panel = await harness.open(options);
    opened.push(panel);
    return panel;
  };
  return {
    open,
    openDrawn: async (query, options = {}) => {
      const panel = await open({ ...options, query });
      await panel.frame.waitForSelector('.chart-drawing path', { state: 'attached' });
      return panel;
    },
  };
}
