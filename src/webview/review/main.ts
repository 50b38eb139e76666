import { connect, errorState, h, restoreState, ViewState } from '../shell';
import './review.css';
import { DEFAULT_VIEW } from './queue';
import { ReviewPanel, type ReviewState, type ReviewSubject } from './reviewPanel';
import { defaultSearch } from './search';

const root = document.getElementById('app') ?? document.body.appendChild(h('div', { id: 'app' }));

let panel: ReviewPanel | undefined;
let state: ViewState<ReviewState> | undefined;

const { host, api } = connect({
  'panel.refresh': ({ what }) => {
    // Items have other numbers now: the panel starts anew, at the place that it has kept.
    if (what === 'dataset' && state) show(state.value.subject);
    else if (what !== 'dataset') panel?.refresh(what);
    return null;
  },
  'panel.select': ({ item }) => {
    panel?.showItem(item);
    return null;
  },
  'panel.show': (subject) => {
    if (subject.view === 'review') show(subject);
    return null;
  },
});

function show(subject: ReviewSubject): void {
  panel?.dispose();
  state?.dispose();
  const kept = restoreState<ReviewState>(api, {
    subject,
    search: defaultSearch(subject.model),
    unsaid: true,
    view: DEFAULT_VIEW,
  });
  // Another model was asked for than the one that is remembered: its space has its own distances.
  const before = (api.getState() as Partial<ReviewState> | undefined)?.subject;
  const isOther = before !== undefined && before.model !== subject.model;
  const search = isOther ? { search: defaultSearch(subject.model), unsaid: true } : {};
  state = new ViewState(api, { ...kept, ...search });
  panel = new ReviewPanel(root, host, state);
  root.removeAttribute('aria-busy');
  void panel.load();
}

host.call('panel.subject', null).then(
  (subject) => {
    if (subject.view === 'review') show(subject);
  },
  (error: unknown) => root.replaceChildren(errorState(error)),
);
