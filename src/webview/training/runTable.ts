import type { RunSummary } from '../../trainer/protocol';
import { button, formatCount, h } from '../shell';
import { recallWords } from './headline';
import { swatch } from './marks';
import { PHASE_WORDS, phaseOf } from './runPhase';

export interface RunTableProps {
  /** Undefined when the run is not chosen. */
  readonly colourOf: (run: string) => number | undefined;
  readonly onChoose: (run: string, chosen: boolean) => void;
  readonly onOpen: (run: string) => void;
  readonly onDuplicate: (run: string) => void;
  readonly onDelete: (run: string) => void;
}

const COLUMNS = ['Compare', 'Run', 'State', 'Best Recall@1', 'To beat', 'Steps', 'Device', 'Begun', 'Actions'];

/** All runs, a row each, with what can be done with one. The best is marked. */
export function runTable(runs: readonly RunSummary[], props: RunTableProps): HTMLElement {
  const best = Math.max(...runs.map((run) => run.best?.recallAt1 ?? 0));
  return h(
    'div',
    { class: 'table-scroll', role: 'region', tabIndex: 0, aria: { label: 'Runs' } },
    h(
      'table',
      {},
      h('caption', { class: 'visually-hidden' }, 'Runs of this dataset'),
      h('thead', {}, h('tr', {}, ...COLUMNS.map((name) => h('th', { attributes: { scope: 'col' } }, name)))),
      h('tbody', {}, ...runs.map((run) => row(run, run.best?.recallAt1 === best, props))),
    ),
  );
}

function row(run: RunSummary, isBest: boolean, props: RunTableProps): HTMLElement {
  const { name, best, baselineRecallAt1, step, steps, device, created } = run;
  const colour = props.colourOf(name);
  const check = h('input', {
    id: `compare-${name}`,
    attributes: { type: 'checkbox' },
    aria: { label: `Compare ${name}` },
    on: { change: () => props.onChoose(name, check.checked) },
  });
  check.checked = colour !== undefined;
  const text = (value: string): HTMLElement => h('td', {}, value);
  const recall = best ? recallWords(best.recallAt1) : '';
  return h(
    'tr',
    {},
    h('td', { class: 'run-check' }, check, colour !== undefined && (swatch(colour) as Node)),
    h('th', { attributes: { scope: 'row' } }, name),
    text(PHASE_WORDS[phaseOf(run, run.step, false)]),
    h('td', { class: isBest ? 'run-best' : '' }, isBest ? `${recall} (best)` : recall),
    text(baselineRecallAt1 === undefined ? '' : recallWords(baselineRecallAt1)),
    text(`${formatCount(step)} of ${formatCount(steps)}`),
    text(device),
    text(new Date(created).toLocaleString()),
    h(
      'td',
      { class: 'run-actions' },
      button({ label: `Open ${name}`, icon: 'graph-line', kind: 'icon', onClick: () => props.onOpen(name) }),
      button({
        label: `New training with the settings of ${name}`,
        icon: 'copy',
        kind: 'icon',
        onClick: () => props.onDuplicate(name),
      }),
      run.state !== 'running' &&
        button({ label: `Delete ${name}`, icon: 'trash', kind: 'icon', onClick: () => props.onDelete(name) }),
    ),
  );
}
