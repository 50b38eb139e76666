import './explore.css';
import type { Disposable, Host, ViewState } from '../shell';
import { Exploration } from './exploration';
import { ExploreActions } from './exploreActions';
import { bindExploreKeys } from './exploreKeys';
import type { ExploreState, ExploreSubject } from './exploreState';
import { ExploreView } from './exploreView';

/** The panel "Explore Embeddings": what is known, what is in sight, and what the person can do. */
export class ExplorePanel implements Disposable {
  private readonly exploration: Exploration;
  private readonly actions: ExploreActions;
  private readonly view: ExploreView;
  private readonly keys: Disposable;

  constructor(root: HTMLElement, host: Host, state: ViewState<ExploreState>) {
    this.exploration = new Exploration(host, state, {
      changed: () => this.view.show(),
      loaded: () => {
        this.view.showChoices();
        this.view.show();
      },
      phaseChanged: (phase) => this.view.showPhase(phase),
      moved: (positions, flipped) => this.view.move(positions, flipped),
      embedded: () => this.view.showSide(),
      working: (progress) => this.view.showWork(progress),
      failed: (error, again) => this.view.complain(error, again),
    });
    this.actions = new ExploreActions(this.exploration, () => this.view);
    this.view = new ExploreView(root, this.exploration, this.actions);
    this.keys = bindExploreKeys(this.actions, () => this.view.focusSearch());
  }

  /** Reads the dataset and makes the map. */
  start(): Promise<void> {
    return this.exploration.start();
  }

  /** Looks at an item, as if the person had clicked it. */
  look(item: number): void {
    this.actions.look(item);
  }

  /** The host shows another model. */
  showSubject({ model }: ExploreSubject): void {
    if (model !== this.exploration.state.value.subject.model) this.actions.chooseModel(model);
  }

  /** Something has changed on the host's side. */
  async refresh(what: 'dataset' | 'decisions' | 'runs'): Promise<void> {
    if (what === 'runs') await this.exploration.session.refreshOverview();
    if (what === 'dataset') await this.exploration.restart();
  }

  dispose(): void {
    this.keys.dispose();
    this.view.dispose();
    this.exploration.dispose();
  }
}
