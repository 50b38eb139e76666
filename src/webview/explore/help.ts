import { h } from '../shell';

const KEYS: readonly (readonly [string, string])[] = [
  ['Drag, wheel', 'Move, magnify'],
  ['Click', 'Look at an item'],
  ['Shift + drag', 'Lasso items (with Ctrl: add)'],
  ['Arrows, + − 0', 'Move, magnify, whole map'],
  ['Space', 'Look at the middle of the map'],
  ['Alt + arrows', 'Walk from item to item'],
  ['Alt + [ ]', 'Back, forward'],
  ['N', 'Lines to true neighbours'],
  ['M', 'Compare two models, flip'],
  ['In space: drag, arrows', 'Turn; Ctrl + drag and Shift + arrows move'],
  ['R', 'Whole map, turned as at first'],
  ['Enter', 'Open the file'],
  ['Ctrl + F', 'Search'],
  ['Escape', 'Clear'],
];

/** "What am I looking at?", for someone who has never seen such a map. */
export function helpContent(): HTMLElement[] {
  return [
    h('h2', { class: 'help-title' }, 'What am I looking at?'),
    h(
      'p',
      {},
      'Every point is one item of your dataset, an image or a text. The model has turned each into a list of numbers, its embedding.',
    ),
    h(
      'p',
      {},
      h('strong', {}, 'Near means similar to the model. '),
      'Islands are items that it takes for the same kind of thing; colours show what your labels say. A point of another colour inside an island is worth a look.',
    ),
    h(
      'p',
      {},
      h('strong', {}, 'The map is a flat drawing of a space with many dimensions, '),
      'so it has to bend the truth: sizes of islands and the gaps between them mean little. The list of nearest neighbours is measured in the real space: trust it over the map. Thin lines show where those neighbours were drawn, and “Map quality” under “Colour” shows where the map can be trusted.',
    ),
    h('dl', { class: 'help-keys' }, ...KEYS.flatMap(([keys, what]) => [h('dt', {}, keys), h('dd', {}, what)])),
  ];
}
