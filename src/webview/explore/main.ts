import { connect, errorState, replaceChildren, restoreState, ViewState } from '../shell';
import { ExplorePanel } from './explorePanel';
import { defaultState, withHostsModel } from './exploreState';

/** Starts the panel in the host's document. */
async function start(root: HTMLElement): Promise<void> {
  let panel: ExplorePanel | undefined;
  const { host, api } = connect({
    'panel.refresh': async ({ what }) => {
      await panel?.refresh(what);
      return null;
    },
    'panel.select': ({ item }) => {
      panel?.look(item);
      return null;
    },
    'panel.show': (subject) => {
      if (subject.view === 'explore') panel?.showSubject(subject);
      return null;
    },
  });
  try {
    const subject = await host.call('panel.subject', null);
    if (subject.view !== 'explore') return;
    const state = new ViewState(api, withHostsModel(restoreState(api, defaultState(subject))));
    panel = new ExplorePanel(root, host, state);
    root.removeAttribute('aria-busy');
    await panel.start();
  } catch (error) {
    replaceChildren(root, errorState(error, [{ label: 'Try again', onClick: () => window.location.reload() }]));
  }
}

const root = document.getElementById('app');
if (root) void start(root);
