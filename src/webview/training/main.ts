import { connect, errorState, h, restoreState, ViewState, type PanelState } from '../shell';
import './training.css';
import { TrainingPanel, type TrainingMemory, type TrainingSubject } from './trainingPanel';

interface TrainingState extends PanelState, TrainingMemory {}

const root = document.getElementById('app') ?? document.body.appendChild(h('div', { id: 'app' }));

let panel: TrainingPanel | undefined;
let state: ViewState<TrainingState> | undefined;

const { host, api } = connect({
  'panel.refresh': ({ what }) => {
    if (what === 'runs') void panel?.refresh();
    return null;
  },
  'training.progress': (progress) => {
    panel?.advance(progress);
    return null;
  },
  'panel.show': (subject) => {
    if (subject.view === 'training') show(subject);
    return null;
  },
});

function show(subject: TrainingSubject): void {
  panel?.dispose();
  state?.dispose();
  const kept = new ViewState<TrainingState>(api, restoreState<TrainingState>(api, { subject, compared: [] }));
  state = kept;
  panel = new TrainingPanel(root, host, subject, kept.value, (memory) => kept.update(memory));
  root.removeAttribute('aria-busy');
  void panel.load();
}

host.call('panel.subject', null).then(
  (subject) => {
    if (subject.view === 'training') show(subject);
  },
  (error: unknown) => root.replaceChildren(errorState(error)),
);
