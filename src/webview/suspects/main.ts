import { connect, errorState, h, restoreState, ViewState } from '../shell';
import '../review/review.css';
import './suspects.css';
import { SuspectsPanel, type SuspectsState, type SuspectsSubject } from './suspectsPanel';

const root = document.getElementById('app') ?? document.body.appendChild(h('div', { id: 'app' }));

let panel: SuspectsPanel | undefined;
let state: ViewState<SuspectsState> | undefined;

const { host, api } = connect({
  'panel.refresh': ({ what }) => {
    // Items have other numbers now, and what was relabelled is no suspect any more.
    if (what === 'dataset' && state) show(state.value.subject, true);
    else if (what !== 'dataset') void panel?.refresh();
    return null;
  },
  'panel.select': ({ item }) => {
    panel?.showItem(item);
    return null;
  },
  'panel.show': (subject) => {
    if (subject.view === 'suspects') show(subject);
    return null;
  },
});

function show(subject: SuspectsSubject, anew = false): void {
  panel?.dispose();
  state?.dispose();
  const before = (api.getState() as Partial<SuspectsState> | undefined)?.subject;
  const kept = restoreState<SuspectsState>(api, { subject });
  // An item's number means nothing in another list.
  state = new ViewState(api, anew || before?.run !== subject.run ? { subject } : kept);
  panel = new SuspectsPanel(root, host, state);
  root.removeAttribute('aria-busy');
  void panel.load();
}

host.call('panel.subject', null).then(
  (subject) => {
    if (subject.view === 'suspects') show(subject);
  },
  (error: unknown) => root.replaceChildren(errorState(error)),
);
