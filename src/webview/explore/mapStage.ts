import type { DatasetOverview } from '../../trainer/protocol';
import { emptyState, errorState, h, loadingState, replaceChildren } from '../shell';
import type { Phase } from './session';

/** The place of the map, and what stands there while there is no map. */
export class MapStage {
  readonly element: HTMLElement;
  /** The map is drawn here. */
  readonly map = h('div', { class: 'stage-map' });
  private readonly cover = h('div', { class: 'stage-cover', hidden: true });
  private shown = '';

  /** @param over what lies over the map */
  constructor(
    over: readonly HTMLElement[],
    private readonly again: () => void,
  ) {
    this.element = h('section', { class: 'stage', aria: { label: 'Map' } }, this.map, ...over, this.cover);
  }

  /** `mapShown`: there are points on the map, which say more than a message in their place. */
  show(phase: Phase, mapShown: boolean, overview: DatasetOverview | undefined): void {
    const message = this.message(phase, mapShown);
    this.cover.hidden = message === '';
    if (message === this.shown) return;
    this.shown = message;
    if (message === '') replaceChildren(this.cover);
    else replaceChildren(this.cover, this.content(phase, message, overview));
  }

  private message(phase: Phase, mapShown: boolean): string {
    if (phase.kind === 'failed') return phase.at === 'dataset' || !mapShown ? `failed ${String(phase.error)}` : '';
    if (phase.kind === 'empty') return 'empty';
    if (mapShown) return '';
    if (phase.kind === 'working') return phase.progress.stage;
    return phase.kind === 'loading' ? 'Opening the dataset' : '';
  }

  private content(phase: Phase, message: string, overview: DatasetOverview | undefined): HTMLElement {
    if (phase.kind === 'failed')
      return errorState(phase.error, [{ label: 'Try again', kind: 'primary', onClick: this.again }]);
    if (phase.kind === 'empty') return noItems(overview);
    return loadingState(
      message,
      phase.kind === 'working' ? 'The map appears as soon as the first positions are known.' : undefined,
    );
  }
}

function noItems(overview: DatasetOverview | undefined): HTMLElement {
  const problem = overview?.summary.problems[0];
  const warning = overview?.summary.warnings[0];
  const text = problem
    ? `${problem.path}: ${problem.reason} ${problem.remedy}`
    : (warning?.remedy ?? 'Add images or texts to the folder and open it again.');
  return emptyState({ title: 'No items in this dataset', text, icon: 'file-media' });
}
