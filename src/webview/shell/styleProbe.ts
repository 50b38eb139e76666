/**
 * While it loads, the component library finds out whether the browser knows `:focus-visible` by adding an inline style element. The
 * panel's CSP refuses that, so the answer would be wrong and the console would show an error. Import this module before the library:
 * until `endStyleProbe` a new style element is a stand-in whose sheet is constructed, which the CSP allows.
 */
const create = (name: string, options?: ElementCreationOptions): HTMLElement =>
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- only its old overload is, with a string for options
  Document.prototype.createElement.call(document, name, options);

Object.defineProperty(document, 'createElement', {
  configurable: true,
  value: (name: string, options?: ElementCreationOptions): HTMLElement =>
    name === 'style' ? Object.assign(create('template'), { sheet: new CSSStyleSheet() }) : create(name, options),
});

/** Gives the document its own `createElement` back. */
export function endStyleProbe(): void {
  Reflect.deleteProperty(document, 'createElement');
}
