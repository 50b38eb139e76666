/** What VS Code puts into a panel's page before the panel's own script: the theme and the door to the host. */
import type { VsCodeApi } from '../../../src/webview/shell/connection';
import type { PanelWindow } from './hostPage';

const { surroundings } = window.parent;
const panel = window as unknown as PanelWindow;
const violations: string[] = [];
let taken = false;

surroundings.dress(document);
document.addEventListener('securitypolicyviolation', (event) => {
  violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
panel.violations = violations;
panel.acquireVsCodeApi = (): VsCodeApi => {
  if (taken) throw new Error('acquireVsCodeApi was called twice.');
  taken = true;
  return {
    postMessage: (message) => surroundings.receive(message),
    getState: () => surroundings.getState(),
    setState: (state) => surroundings.setState(state),
  };
};
