// What VS Code puts into a panel's page before the panel's own script: the theme and the door to the host.
(() => {
  const { surroundings } = window.parent;
  surroundings.dress(document);
  window.violations = [];
  document.addEventListener('securitypolicyviolation', (event) =>
    window.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`),
  );
  let taken = false;
  window.acquireVsCodeApi = () => {
    if (taken) throw new Error('acquireVsCodeApi was called twice.');
    taken = true;
    return {
      postMessage: (message) => surroundings.receive(message),
      getState: () => surroundings.getState(),
      setState: (state) => surroundings.setState(state),
    };
  };
})();
