import type { RunSummary } from '../../trainer/protocol';
import { formatItems, h, icon, replaceChildren } from '../shell';
import { deviceFaultWords, heldOutWords, rateWords, settingsFacts } from './runWords';

/** How the run was set, what it is tested on, and which files it had to leave out. */
export class RunFacts {
  readonly element = h('aside', { class: 'run-facts', aria: { label: 'About this run' } });
  private shown = '';

  update(run: RunSummary | undefined): void {
    this.element.hidden = run === undefined;
    if (!run) return;
    const shown = JSON.stringify([
      run.settings,
      run.heldOut,
      run.device,
      run.deviceFault,
      run.rateChanges,
      run.problems.length,
    ]);
    if (shown === this.shown) return;
    this.shown = shown;
    replaceChildren(
      this.element,
      h('section', { class: 'held-out' }, h('h2', {}, 'The honest test'), h('p', {}, heldOutWords(run))),
      h(
        'section',
        {},
        h('h2', {}, 'Settings'),
        h(
          'dl',
          { class: 'run-settings' },
          ...settingsFacts(run).map(({ name, value, help }) =>
            h('div', { attributes: { title: help } }, h('dt', {}, name), h('dd', {}, value)),
          ),
        ),
      ),
      run.rateChanges &&
        h('section', { class: 'steered' }, h('h2', {}, 'Changed by hand'), h('p', {}, rateWords(run.rateChanges))),
      run.deviceFault && h('p', { class: 'device-fault' }, icon('warning'), ` ${deviceFaultWords(run.deviceFault)}`),
      run.problems.length > 0 && problemList(run),
    );
  }
}

function problemList({ problems }: RunSummary): HTMLElement {
  const shown = problems.slice(0, 50);
  return h(
    'details',
    { class: 'run-problems' },
    h('summary', {}, icon('warning'), ` ${formatItems(problems.length, 'file')} left out`),
    h(
      'ul',
      {},
      ...shown.map(({ path, reason, remedy }) => h('li', {}, h('code', {}, path), ` ${reason} ${remedy}`)),
      problems.length > shown.length && h('li', {}, `and ${problems.length - shown.length} more`),
    ),
  );
}
