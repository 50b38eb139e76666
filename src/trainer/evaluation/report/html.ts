/** Text that is markup already. */
export class Html {
  constructor(readonly markup: string) {}
}

type Content = Html | string | number | undefined | readonly (Html | string)[];

/** A template whose places are escaped, unless they are markup themselves: names of files and labels are the person's. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(strings.reduce((sum, text, i) => sum + markupOf(values[i - 1]) + text));
}

function markupOf(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Html) return content.markup;
  if (typeof content === 'object') return content.map(markupOf).join('');
  return String(content).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
