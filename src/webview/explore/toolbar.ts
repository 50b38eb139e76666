import type { DatasetOverview, ItemColumns, ModelId, ProjectionSettings } from '../../trainer/protocol';
import {
  button,
  dropdown,
  h,
  Popover,
  setChoices,
  setFieldValue,
  setPressed,
  textField,
  type Disposable,
} from '../shell';
import { colourChoices } from './colouring';
import { CompareMenu, type CompareListener } from './compareMenu';
import type { ExploreState } from './exploreState';
import { helpContent } from './help';
import type { MapStart } from './mapStart';
import { modelChoices } from './modelChoices';
import { ProjectionForm } from './projectionForm';
import { projectionLabel, projectionTip } from './projectionWords';

export interface ToolbarListener extends CompareListener {
  chooseModel(model: ModelId): void;
  chooseColour(colourBy: string): void;
  project(settings: ProjectionSettings, begin: MapStart): void;
  search(text: string): void;
  selectFound(): void;
  toggleLasso(): void;
  togglePictures(): void;
  toggleLines(): void;
  magnify(factor: number): void;
  reset(): void;
}

/** Model, projection, colour, search, and the tools of the map. */
export class Toolbar implements Disposable {
  readonly element: HTMLElement;
  private readonly model: HTMLElement;
  private readonly comparison: CompareMenu;
  private readonly colour: HTMLElement;
  private readonly projection: HTMLElement;
  private readonly projectionText = document.createTextNode('');
  private readonly searchField: HTMLElement;
  private readonly lasso: HTMLElement;
  private readonly pictures: HTMLElement;
  private readonly lines: HTMLElement;
  private readonly form: ProjectionForm;
  private readonly settings: Popover;
  private readonly help: Popover;
  private arranged: ProjectionSettings;

  constructor(state: ExploreState, listener: ToolbarListener) {
    this.model = dropdown({
      label: 'Model',
      choices: [],
      value: '',
      onChange: (model) => listener.chooseModel(model as ModelId),
    });
    this.comparison = new CompareMenu({ compare: (model) => listener.compare(model), train: () => listener.train() });
    this.colour = dropdown({
      label: 'Colour by',
      choices: [],
      value: '',
      onChange: (value) => listener.chooseColour(value),
    });
    this.projection = button({
      label: '',
      icon: 'settings',
      tip: 'How the map is arranged',
      onClick: () => this.toggleSettings(),
    });
    this.projection.classList.add('toolbar-projection');
    this.projection.append(this.projectionText);
    this.searchField = textField({
      label: 'Search',
      placeholder: 'Search path or label',
      icon: 'search',
      value: state.search,
      onInput: (text) => listener.search(text),
    });
    this.searchField.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') listener.selectFound();
    });
    this.lasso = tool('Lasso', 'screen-cut', 'Lasso: draw around items (or Shift + drag)', () =>
      listener.toggleLasso(),
    );
    this.pictures = tool('Pictures', 'file-media', 'Pictures on the map, where there is room', () =>
      listener.togglePictures(),
    );
    this.lines = tool('Lines', 'git-compare', 'Lines to the true neighbours of an item (N)', () =>
      listener.toggleLines(),
    );
    const helpButton = tool('What am I looking at?', 'question', 'What am I looking at?', () => this.help.toggle());
    this.arranged = state.projection;
    this.form = new ProjectionForm(state.projection, (settings, begin) => {
      this.settings.close();
      listener.project(settings, begin);
    });
    this.settings = new Popover(this.projection, 'Projection settings', [this.form.element]);
    this.help = new Popover(helpButton, 'What am I looking at?', helpContent());
    this.element = this.assemble(helpButton, listener);
  }

  showState(state: ExploreState): void {
    setPressed(this.lasso, state.tool === 'lasso');
    setPressed(this.pictures, state.pictures);
    setPressed(this.lines, state.lines);
    this.arranged = state.projection;
    this.projectionText.textContent = projectionLabel(state.projection);
    this.projection.title = projectionTip(state.projection);
  }

  /** There are no pictures of texts on the map. */
  showChoices(overview: DatasetOverview, columns: ItemColumns, state: ExploreState): void {
    const { model } = state.subject;
    const hasTexts = overview.summary.modality === 'text';
    this.pictures.hidden = hasTexts;
    this.searchField.setAttribute('placeholder', hasTexts ? 'Search words, path or label' : 'Search path or label');
    setChoices(this.model, modelChoices(overview, model), model);
    setChoices(this.colour, colourChoices(columns), state.colourBy);
    this.comparison.showChoices(overview, state);
    this.form.showColumns(columns.numeric);
  }

  offerComparison(): void {
    this.comparison.open();
  }

  clearSearch(): void {
    setFieldValue(this.searchField, '');
  }

  focusSearch(): void {
    this.searchField.focus();
  }

  dispose(): void {
    this.comparison.dispose();
    this.settings.dispose();
    this.help.dispose();
  }

  /** Opens with the settings of the map, whatever was written and not arranged before. */
  private toggleSettings(): void {
    if (!this.settings.isOpen) this.form.show(this.arranged);
    this.settings.toggle();
  }

  private assemble(helpButton: HTMLElement, listener: ToolbarListener): HTMLElement {
    return h(
      'div',
      { class: 'toolbar', role: 'toolbar', aria: { label: 'Map' } },
      labelled('Model', h('div', { class: 'toolbar-models' }, this.model, this.comparison.element), 'toolbar-model'),
      labelled('Colour', this.colour, 'toolbar-colour'),
      this.projection,
      h('div', { class: 'toolbar-search' }, this.searchField),
      h(
        'div',
        { class: 'toolbar-tools' },
        this.lasso,
        this.pictures,
        this.lines,
        tool('Magnify', 'zoom-in', 'Magnify (+)', () => listener.magnify(1.6)),
        tool('Make smaller', 'zoom-out', 'Make smaller (−)', () => listener.magnify(1 / 1.6)),
        tool('Whole map', 'screen-full', 'Whole map (0)', () => listener.reset()),
        helpButton,
      ),
    );
  }
}

function tool(label: string, icon: string, tip: string, onClick: () => void): HTMLElement {
  return button({ label, icon, kind: 'icon', tip, onClick });
}

function labelled(text: string, control: HTMLElement, name: string): HTMLElement {
  return h(
    'div',
    { class: `toolbar-field ${name}` },
    h('span', { class: 'muted', aria: { hidden: 'true' } }, text),
    control,
  );
}
