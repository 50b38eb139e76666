import type { FileProblem } from './dataset';

export type DuplicateEvidence =
  /** The same bytes. */
  | 'content'
  /** Perceptual hashes within a Hamming distance. */
  | 'perceptual'
  /** Embeddings within a cosine distance. */
  | 'embedding';

export interface DuplicateSettings {
  /** Largest Hamming distance of the 64-bit perceptual hashes, 0 to 20; -1 leaves them out. */
  readonly perceptualDistance: number;
  /** Embedding to compare; none when left out. */
  readonly embedding?: string;
  /** Largest cosine distance of embeddings, 0 to 1. */
  readonly embeddingDistance: number;
}

/** One reason to think that two items are the same. */
export interface DuplicateLink {
  readonly a: number;
  readonly b: number;
  readonly evidence: DuplicateEvidence;
  /** In the unit of its evidence: 0 for content, bits for perceptual, cosine distance for embedding. */
  readonly distance: number;
}

/** Items held together by links, as a graph. */
export interface DuplicateGroup {
  /** Stable for the same members, whatever the order of the scan. */
  readonly id: string;
  readonly items: readonly number[];
  readonly links: readonly DuplicateLink[];
  /** Every pair is the same bytes. */
  readonly exact: boolean;
  /** Members have different labels. */
  readonly labelConflict: boolean;
  /** Members are in different splits: a leak. */
  readonly crossesSplits: boolean;
  /**
   * The member to keep when the person does not say otherwise: one judged `keep`; then, across splits, one in test, then in
   * validation (so that a benchmark stays as it is); then most pixels, then most bytes, then shortest path.
   */
  readonly suggestedKeep: number;
}

export interface DuplicateReport {
  readonly settings: DuplicateSettings;
  /** Conflicts and leaks first, then exact, then by their closest link. */
  readonly groups: readonly DuplicateGroup[];
  /** Items that would go if every suggestion were taken. */
  readonly redundant: number;
}

/** An item as a decision names it: by content, and by path where several items have that content. */
export interface ItemRef {
  readonly hash: string;
  readonly path: string;
  /**
   * Paths of the other items that had this content when it was decided (at most 16): then the decision is about this path
   * only. The trainer writes it into the journal; callers leave it out.
   */
  readonly others?: readonly string[];
}

export type Verdict =
  | { readonly kind: 'keep'; readonly item: ItemRef }
  | { readonly kind: 'remove'; readonly item: ItemRef }
  /** No two of these items are duplicates of each other. */
  | { readonly kind: 'not-duplicate'; readonly items: readonly ItemRef[] }
  /** The item has this label, and it is right. Says nothing once the item has another. */
  | { readonly kind: 'label-right'; readonly item: ItemRef; readonly label: string }
  /** The item ought to have this label; an apply gives it. */
  | { readonly kind: 'relabel'; readonly item: ItemRef; readonly label: string };

/** One line of the journal. */
export type Decision =
  | (Verdict & { readonly id: string; readonly at: string })
  | { readonly kind: 'undo'; readonly of: readonly string[]; readonly id: string; readonly at: string };

/** What the journal says about the items as they are now. */
export interface DecisionState {
  /** Decisions in force, oldest first. */
  readonly decisions: readonly Decision[];
  readonly keep: readonly number[];
  readonly remove: readonly number[];
  /** Items that ought to have another label than they have; none when left out. */
  readonly relabel?: readonly Relabelling[];
  /** Items whose label was judged to be right; none when left out. */
  readonly labelRight?: readonly number[];
  readonly canUndo: boolean;
}

export interface Relabelling {
  readonly item: number;
  readonly label: string;
}

/** An item that an apply would give another label. */
export interface PlannedRelabelling extends Relabelling {
  readonly path: string;
  readonly before: string | undefined;
}

/** What an apply would do, before it is done. */
export interface ApplyPlan {
  readonly items: readonly number[];
  readonly paths: readonly string[];
  readonly bytes: number;
  /** Where the files will go, relative to the root. */
  readonly quarantine: string;
  /** The manifest that will lose the rows, if the dataset has one. */
  readonly manifest: string | undefined;
  /**
   * Labels that would change: in the manifest's cell, or by a move to the folder of the label. Items that would be removed are not among
   * them. None when left out.
   */
  readonly relabel?: readonly PlannedRelabelling[];
  /** What the person should know before: contents of which no copy would stay, labels that would lose their last item. */
  readonly warnings?: readonly string[];
  /** Why nothing of it can be applied, and what to do instead, as sentences; left out where it can. */
  readonly blocked?: string;
}

/** Files that an apply moved away together, and that can come back together. */
export interface QuarantineBatch {
  readonly id: string;
  readonly created: string;
  readonly files: number;
  readonly bytes: number;
  /** Items that have another label by it; none when left out. */
  readonly relabelled?: number;
  readonly state:
    | 'applied'
    /** An apply or restore was cut short; restoring finishes it. */
    | 'incomplete'
    | 'restored';
}

export interface ApplyReport {
  readonly batch: QuarantineBatch;
  /** Files that went to the quarantine, or came back from it. */
  readonly moved: number;
  /** Items that got another label, or their old one back; none when left out. */
  readonly relabelled?: number;
  readonly problems: readonly FileProblem[];
}
