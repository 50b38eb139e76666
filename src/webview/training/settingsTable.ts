import { formatDuration, h } from '../shell';
import type { ComparedRun } from './comparePage';
import { flattened, type Draft } from './draft';
import { recallWords } from './headline';

/** One line of the comparison: a value for each run. */
export interface ComparedRow {
  readonly name: string;
  readonly values: readonly string[];
  readonly differs: boolean;
}

/** What came of each run, then every setting that any of them says; what a run does not say stands as a dash. */
export function comparedRows(runs: readonly ComparedRun[]): { results: ComparedRow[]; settings: ComparedRow[] } {
  const results = [
    row(
      'Best Recall@1',
      runs.map(({ run }) => (run.best ? recallWords(run.best.recallAt1) : '–')),
    ),
    row(
      'Best at step',
      runs.map(({ run }) => (run.best ? String(run.best.step) : '–')),
    ),
    row(
      'Trained for',
      runs.map(({ curve }) => (curve.length > 0 ? formatDuration(curve.at(-1)!.seconds) : '–')),
    ),
    row(
      'Device',
      runs.map(({ run }) => run.device),
    ),
    row(
      'Held out',
      runs.map(({ run: { heldOut } }) => `${heldOut.items} items by ${heldOut.by}`),
    ),
    row(
      'Learning rate changed by hand',
      runs.map(({ run }) => (run.rateChanges ? 'yes' : 'no')),
    ),
  ];
  const values = runs.map(({ run }) => new Map(flattened(run.settings as unknown as Draft)));
  const keys = [...new Set(values.flatMap((one) => [...one.keys()]))].filter((key) => key !== 'name');
  return {
    results,
    settings: keys.map((key) =>
      row(
        key,
        values.map((one) => one.get(key) ?? '–'),
      ),
    ),
  };
}

function row(name: string, values: readonly string[]): ComparedRow {
  return { name, values, differs: new Set(values).size > 1 };
}

/** Runs side by side; settings that differ stand out, by a mark too. */
export function settingsTable(
  runs: readonly ComparedRun[],
  onlyDifferent: boolean,
  onOnlyDifferent: (only: boolean) => void,
): HTMLElement {
  const { results, settings } = comparedRows(runs);
  const shown = onlyDifferent && runs.length > 1 ? settings.filter(({ differs }) => differs) : settings;
  const check = h('input', {
    id: 'only-different',
    attributes: { type: 'checkbox' },
    on: { change: () => onOnlyDifferent(check.checked) },
  });
  check.checked = onlyDifferent;
  return h(
    'section',
    {},
    h('h2', {}, 'Side by side'),
    h(
      'div',
      { class: 'field-check' },
      check,
      h('label', { attributes: { for: 'only-different' } }, 'Only settings that differ'),
    ),
    h(
      'div',
      { class: 'table-scroll', role: 'region', tabIndex: 0, aria: { label: 'Results and settings side by side' } },
      h(
        'table',
        {},
        h('caption', { class: 'visually-hidden' }, 'Results and settings side by side'),
        h(
          'thead',
          {},
          h('tr', {}, h('td', {}), ...runs.map(({ run }) => h('th', { attributes: { scope: 'col' } }, run.name))),
        ),
        h('tbody', {}, ...results.map((one) => rowElement(one, false))),
        h('tbody', { class: 'settings-rows' }, ...shown.map((one) => rowElement(one, one.differs))),
      ),
    ),
    shown.length === 0 && h('p', { class: 'muted' }, 'No setting differs.'),
  );
}

function rowElement({ name, values }: ComparedRow, marked: boolean): HTMLElement {
  const title = marked ? `≠ ${name}` : name;
  return h(
    'tr',
    { class: marked ? 'differs' : '' },
    h('th', { attributes: { scope: 'row' }, aria: { label: marked ? `${name}, differs` : name } }, title),
    ...values.map((value) => h('td', {}, value)),
  );
}
