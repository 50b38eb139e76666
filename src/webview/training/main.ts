import { connect, errorState, h, restoreState, ViewState, type PanelState } from '../shell';
import './training.css';
import { TrainingPanel, type TrainingSubject } from './trainingPanel';

const root = document.getElementById('app') ?? document.body.appendChild(h('div', { id: 'app' }));

let panel: TrainingPanel | undefined;
let state: ViewState<PanelState> | undefined;

const { host, api } = connect({
  'panel.refresh': ({ what }) => {
    if (what === 'runs') void panel?.load();
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
  state = new ViewState(api, restoreState<PanelState>(api, { subject }));
  panel = new TrainingPanel(root, host, subject);
  root.removeAttribute('aria-busy');
  void panel.load();
}

host.call('panel.subject', null).then(
  (subject) => {
    if (subject.view === 'training') show(subject);
  },
  (error: unknown) => root.replaceChildren(errorState(error)),
);
