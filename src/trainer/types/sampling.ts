/**
 * Which classes a batch has. `class`: all classes equally often. `item`: by their numbers of items, so that each item is drawn equally
 * often. `square-root`: by the roots of these numbers, between the two. `super-class`: all classes equally often, those of one or a few
 * super-classes together, so that a batch compares classes that are alike.
 */
export const SAMPLINGS = ['class', 'square-root', 'item', 'super-class'] as const;
export type Sampling = (typeof SAMPLINGS)[number];

/** How much an item counts in a loss of items: all the same, or more in small classes, so that all classes count the same. */
export const CLASS_WEIGHTS = ['equal', 'balanced'] as const;
export type ClassWeights = (typeof CLASS_WEIGHTS)[number];

/**
 * What says which items are the same. `labels`: those of one label. `pairs`: what a file and the review say of two items. `none`: only two
 * altered views of one item are the same, whatever the labels.
 */
export const SUPERVISIONS = ['labels', 'pairs', 'none'] as const;
export type SupervisionKind = (typeof SUPERVISIONS)[number];
