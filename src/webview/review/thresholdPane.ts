import type {
  DatasetOverview,
  DuplicateLink,
  DuplicateReport,
  DuplicateSettings,
  Modality,
  ModelId,
} from '../../trainer/protocol';
import {
  checkbox,
  dropdown,
  formatCount,
  h,
  replaceChildren,
  setChoices,
  thumbnailImage,
  type Choice,
  type ThumbnailCache,
} from '../shell';
import { importedVectors } from '../shell/importedVectors';
import { cosineWords, DESCRIPTOR_WORDS, distanceWords, EVIDENCE_HELP, perceptualHelp } from './distanceWords';
import { histogramTable, linkHistogram, type HistogramLook } from './linkHistogram';
import { defaultEmbeddingDistance, type SearchSettings } from './search';
import {
  borderlinePairs,
  DEFAULT_PERCEPTUAL,
  distanceHistogram,
  MAX_EMBEDDING,
  MAX_PERCEPTUAL,
  previewCut,
} from './thresholds';

const BORDERLINE = 4;

export interface ThresholdPaneProps {
  readonly settings: SearchSettings;
  readonly thumbnails: ThumbnailCache;
  /** The person has settled on other settings. */
  readonly onSearch: (settings: SearchSettings) => void;
  /** Goes to the case that holds the item. */
  readonly onShowItem: (item: number) => void;
}

/** How alike items must be to be shown as a group: sliders with the evidence for where to put them. */
export class ThresholdPane {
  readonly element: HTMLElement;
  private settings: SearchSettings;
  private report: DuplicateReport | undefined;
  private links: readonly DuplicateLink[] = [];
  private readonly bits = slider('Perceptual hash distance in bits', 0, MAX_PERCEPTUAL, 1);
  private readonly cosine = slider('Embedding distance', 0, MAX_EMBEDDING, 0.001);
  private readonly bitsWords = h('output', {});
  private readonly cosineWords = h('output', {});
  private readonly bitsEvidence = h('div', { class: 'evidence' });
  private readonly cosineEvidence = h('div', { class: 'evidence' });
  private readonly bitsHelp = help(perceptualHelp('image'));
  private modality: Modality = 'image';
  private readonly outcome = h('p', { class: 'outcome', aria: { live: 'polite' } });
  private readonly usesBits: HTMLElement;
  private readonly model: HTMLElement;
  private releases: (() => void)[] = [];

  constructor(private readonly props: ThresholdPaneProps) {
    this.settings = props.settings;
    this.usesBits = checkbox({
      label: 'Perceptual hash',
      checked: this.settings.perceptualDistance >= 0,
      onChange: (checked) =>
        this.change({ perceptualDistance: checked ? DEFAULT_PERCEPTUAL[this.modality] : -1 }, true),
    });
    this.model = dropdown({
      label: 'Embedding to compare',
      choices: [],
      value: this.settings.model,
      onChange: (value) => this.changeModel(value as ModelId | 'none'),
    });
    this.bind(this.bits, (value) => ({ perceptualDistance: value }));
    this.bind(this.cosine, (value) => ({ embeddingDistance: value }));
    this.element = h(
      'div',
      { class: 'thresholds' },
      h(
        'p',
        { class: 'muted' },
        'Files with the same bytes are always found. Further to the right finds more, and more that is only alike.',
      ),
      section(this.bitsHelp, this.usesBits, this.bitsWords, this.bits, this.bitsEvidence),
      section(help(EVIDENCE_HELP.embedding), this.model, this.cosineWords, this.cosine, this.cosineEvidence),
      this.outcome,
    );
    this.update();
  }

  setModels({ runs, embeddings, summary: { modality } }: DatasetOverview): void {
    this.modality = modality;
    this.bitsHelp.textContent = perceptualHelp(modality);
    const computed = new Set(embeddings.map(({ model }) => model));
    const usable = runs.filter((run) => run.best !== undefined || run.state === 'finished');
    const later = (model: ModelId): string => (computed.has(model) ? '' : ' (computed first)');
    const choices: Choice[] = [
      { value: 'none', label: 'No embedding' },
      { value: 'descriptor', label: `${DESCRIPTOR_WORDS[modality]}${later('descriptor')}` },
      ...usable.map(({ name }) => ({ value: `run:${name}`, label: `Run ${name}${later(`run:${name}`)}` })),
      ...importedVectors(embeddings),
    ];
    const { model } = this.settings;
    if (!choices.some(({ value }) => value === model))
      choices.push({ value: model, label: model.replace(/^run:/, 'Run ').replace(/^vectors:/, 'Vectors ') });
    setChoices(this.model, choices, model);
  }

  setReport(report: DuplicateReport): void {
    this.report = report;
    this.links = report.groups.flatMap((group) => group.links);
    this.update();
  }

  setSettings(settings: SearchSettings): void {
    this.settings = settings;
    this.update();
  }

  private bind(input: HTMLInputElement, read: (value: number) => Partial<SearchSettings>): void {
    input.addEventListener('input', () => this.change(read(input.valueAsNumber), false));
    input.addEventListener('change', () => this.change(read(input.valueAsNumber), true));
  }

  private changeModel(model: ModelId | 'none'): void {
    this.change({ model, embeddingDistance: defaultEmbeddingDistance(model) }, true);
  }

  private change(part: Partial<SearchSettings>, settled: boolean): void {
    this.settings = { ...this.settings, ...part };
    this.update();
    if (settled) this.props.onSearch(this.settings);
  }

  private update(): void {
    const { perceptualDistance, model, embeddingDistance } = this.settings;
    this.bits.hidden = this.bitsEvidence.hidden = perceptualDistance < 0;
    this.cosine.hidden = this.cosineEvidence.hidden = model === 'none';
    this.bits.valueAsNumber = Math.max(0, perceptualDistance);
    this.cosine.valueAsNumber = embeddingDistance;
    this.bitsWords.textContent = perceptualDistance < 0 ? 'off' : bitsFormat(perceptualDistance);
    this.cosineWords.textContent = model === 'none' ? 'off' : cosineFormat(embeddingDistance);
    this.cosine.setAttribute('aria-valuetext', cosineFormat(embeddingDistance));
    this.bits.setAttribute('aria-valuetext', bitsFormat(perceptualDistance));
    for (const release of this.releases.splice(0)) release();
    this.showEvidence('perceptual', this.bitsEvidence, perceptualDistance, MAX_PERCEPTUAL, bitsFormat);
    this.showEvidence('embedding', this.cosineEvidence, embeddingDistance, MAX_EMBEDDING, cosineFormat);
    this.outcome.textContent = this.outcomeWords();
  }

  /** The trainer's settings for what the sliders say now, as far as the links at hand can answer it. */
  private get asked(): DuplicateSettings {
    const { perceptualDistance, embeddingDistance, model } = this.settings;
    const embedding = this.report?.settings.embedding;
    const compares = model !== 'none' && embedding !== undefined;
    return { perceptualDistance, embeddingDistance, ...(compares ? { embedding } : {}) };
  }

  private showEvidence(
    evidence: 'perceptual' | 'embedding',
    parent: HTMLElement,
    cut: number,
    range: number,
    format: (distance: number) => string,
  ): void {
    if (!this.report || parent.hidden) {
      replaceChildren(parent);
      return;
    }
    const { settings } = this.report;
    const searched =
      evidence === 'perceptual'
        ? settings.perceptualDistance
        : settings.embedding === undefined
          ? 0
          : settings.embeddingDistance;
    const bins = distanceHistogram(this.links, evidence, Math.max(0, searched));
    const look: HistogramLook = { bins, range, cut, searched, format };
    const label = evidence === 'perceptual' ? 'Pairs by perceptual distance' : 'Pairs by embedding distance';
    const pairs = borderlinePairs(this.links, evidence, this.asked, BORDERLINE);
    replaceChildren(
      parent,
      linkHistogram(label, look),
      histogramTable(label, look),
      pairs.length > 0 && h('div', { class: 'borderline-title muted' }, 'Least alike pairs let in'),
      pairs.length > 0 && h('div', { class: 'borderline' }, ...pairs.map((pair) => this.pair(pair))),
    );
  }

  private pair(link: DuplicateLink): HTMLElement {
    const pictures = [link.a, link.b].map((item) => thumbnailImage(this.props.thumbnails, item, ''));
    for (const picture of pictures) this.releases.push(() => picture.release());
    return h(
      'button',
      {
        class: 'borderline-pair plain',
        attributes: { type: 'button', title: `Go to this group: ${distanceWords(link)}` },
        aria: { label: `Go to the group of this pair: ${distanceWords(link)}` },
        on: { click: () => this.props.onShowItem(link.a) },
      },
      h('span', { class: 'borderline-pictures' }, ...pictures.map(({ element }) => element)),
      h('span', { class: 'borderline-distance' }, distanceWords(link)),
    );
  }

  private outcomeWords(): string {
    if (!this.report) return '';
    const { groups, redundant, settings } = this.report;
    const now = `${formatCount(groups.length)} groups, ${formatCount(redundant)} redundant items`;
    const { asked } = this;
    const same =
      asked.perceptualDistance === settings.perceptualDistance &&
      asked.embedding === settings.embedding &&
      asked.embeddingDistance === settings.embeddingDistance;
    if (same) return `Found: ${now}.`;
    const preview = previewCut(this.links, asked);
    return `At this cut, of the pairs found so far: about ${formatCount(preview.groups)} groups, ${formatCount(preview.redundant)} redundant items (now ${now}).`;
  }
}

function bitsFormat(distance: number): string {
  return distance === 1 ? '1 bit' : `${distance} bits`;
}

function cosineFormat(distance: number): string {
  return distance === 0 ? '0' : distance < 0.001 ? cosineWords(distance) : distance.toFixed(3);
}

function slider(label: string, min: number, max: number, step: number): HTMLInputElement {
  return h('input', {
    class: 'slider',
    attributes: { type: 'range', min: String(min), max: String(max), step: String(step) },
    aria: { label },
  });
}

function help(text: string): HTMLElement {
  return h('p', { class: 'threshold-help muted' }, text);
}

function section(
  help: HTMLElement,
  title: HTMLElement,
  value: HTMLElement,
  input: HTMLElement,
  evidence: HTMLElement,
): HTMLElement {
  return h(
    'section',
    { class: 'threshold' },
    h('div', { class: 'threshold-head' }, title, h('span', { class: 'spacer' }), value),
    help,
    input,
    evidence,
  );
}
