import { bindKeys, type Disposable } from '../shell';
import type { ExploreActions } from './exploreActions';

/** The panel's own keys; those of the map are bound by the map, and `help.ts` tells of both. */
export function bindExploreKeys(actions: ExploreActions, focusSearch: () => void): Disposable {
  return bindKeys(window, {
    Escape: () => actions.clear(),
    Enter: () => actions.open(),
    'Alt+[': () => actions.step(-1),
    'Alt+]': () => actions.step(1),
    n: () => actions.toggleLines(),
    m: () => actions.flip(),
    'Ctrl+f': focusSearch,
  });
}
