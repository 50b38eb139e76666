import { describe, expect, it } from 'vitest';
import { targetOf } from '../../../src/extension/commands/target';
import { defaultModel, resumableRuns, usableRuns } from '../../../src/extension/ui/models';
import { childrenOf, type Node } from '../../../src/extension/views/nodes';
import type { DatasetOverview, RunSummary } from '../../../src/trainer/protocol';

const dataset = { root: '/data/cats' };

function run(name: string, state: RunSummary['state'], created: string, step = 10): RunSummary {
  return { name, state, created, step } as RunSummary;
}

const empty: DatasetOverview = {
  summary: { problems: [], warnings: [] } as unknown as DatasetOverview['summary'],
  runs: [],
  embeddings: [],
  batches: [],
};
const full: DatasetOverview = {
  summary: { problems: [{}], warnings: [] } as unknown as DatasetOverview['summary'],
  runs: [
    run('old', 'finished', '2026-01-01'),
    run('new', 'stopped', '2026-01-03'),
    run('bad', 'failed', '2026-01-04'),
    run('now', 'running', '2026-01-05'),
    run('cut', 'interrupted', '2026-01-02'),
    run('cut at once', 'interrupted', '2026-01-06', 0),
  ],
  embeddings: [{ id: 'descriptor', model: 'descriptor', count: 1, dims: 1, created: '', file: '' }],
  batches: [
    { id: 'a', created: '', files: 1, bytes: 1, state: 'applied' },
    { id: 'b', created: '', files: 1, bytes: 1, state: 'restored' },
  ],
};

function dataNode(overview: DatasetOverview): Node {
  return { kind: 'dataset', dataset, state: { kind: 'ready', overview } };
}

describe('the tree', () => {
  it('leaves out what is empty', () => {
    expect(childrenOf(dataNode(empty)).map((node) => node.kind)).toEqual(['items']);
    expect(childrenOf({ kind: 'dataset', dataset, state: { kind: 'closed' } })).toEqual([]);
  });

  it('shows everything there is, newest runs first, and no batch that was restored', () => {
    const parts = childrenOf(dataNode(full));
    expect(parts.map((node) => node.kind)).toEqual(['items', 'problems', 'runs', 'embeddings', 'quarantine']);
    const names = childrenOf(parts[2]).map((node) => (node.kind === 'run' ? node.run : ''));
    expect(names).toEqual(['cut at once', 'now', 'bad', 'new', 'cut', 'old']);
    expect(childrenOf(parts[4]).map((node) => (node.kind === 'batch' ? node.batch : ''))).toEqual(['a']);
  });

  it('has nodes that are commands arguments as they are', () => {
    const [, , runs, , quarantine] = childrenOf(dataNode(full));
    expect(targetOf(childrenOf(runs)[5])).toEqual({ dataset, run: 'old' });
    expect(targetOf(childrenOf(quarantine)[0])).toEqual({ dataset, batch: 'a' });
    expect(targetOf(dataNode(full))).toEqual({ dataset });
    expect(targetOf(undefined)).toEqual({});
    expect(targetOf({ dataset: 'x', run: 'r' })).toEqual({});
  });
});

describe('runs', () => {
  it('have a model when they took a step and did not fail', () => {
    expect(usableRuns(full).map((summary) => summary.name)).toEqual(['new', 'cut', 'old']);
  });

  it('are taken unasked only when they beat raw pixels', () => {
    const measured = (summary: RunSummary, recallAt1: number): RunSummary => ({
      ...summary,
      best: { step: 1, recallAt1 },
      baselineRecallAt1: 0.3,
    });
    const [old, fresh] = full.runs;
    expect(defaultModel(full)).toBe('descriptor');
    expect(defaultModel(empty)).toBe('descriptor');
    expect(defaultModel({ ...full, runs: [measured(old, 0.6), measured(fresh, 0.29)] })).toBe('run:old');
    expect(defaultModel({ ...full, runs: [measured(old, 0.6), measured(fresh, 0.31)] })).toBe('run:new');
  });

  it('can be resumed when they were stopped, cut short or failed', () => {
    expect(resumableRuns(full).map((summary) => summary.name)).toEqual(['cut at once', 'bad', 'new', 'cut']);
  });
});
