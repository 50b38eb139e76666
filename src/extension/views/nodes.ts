import type {
  DatasetOverview,
  DatasetRef,
  EmbeddingSummary,
  Modality,
  QuarantineBatch,
  RunSummary,
} from '../../trainer/protocol';
import { newestFirst } from '../ui/models';

/** What the tree shows. Every node names its dataset, so that a command run on it needs nothing else. */
export type Node =
  | { readonly kind: 'dataset'; readonly dataset: DatasetRef; readonly state: DatasetState }
  | { readonly kind: 'items'; readonly dataset: DatasetRef; readonly overview: DatasetOverview }
  | { readonly kind: 'problems'; readonly dataset: DatasetRef; readonly overview: DatasetOverview }
  | { readonly kind: 'runs'; readonly dataset: DatasetRef; readonly runs: readonly RunSummary[] }
  | { readonly kind: 'run'; readonly dataset: DatasetRef; readonly summary: RunSummary; readonly run: string }
  | { readonly kind: 'embeddings'; readonly dataset: DatasetRef; readonly overview: DatasetOverview }
  | {
      readonly kind: 'embedding';
      readonly dataset: DatasetRef;
      readonly embedding: EmbeddingSummary;
      readonly modality: Modality;
    }
  | { readonly kind: 'quarantine'; readonly dataset: DatasetRef; readonly batches: readonly QuarantineBatch[] }
  | { readonly kind: 'batch'; readonly dataset: DatasetRef; readonly summary: QuarantineBatch; readonly batch: string };

export type DatasetState =
  | { readonly kind: 'ready'; readonly overview: DatasetOverview }
  /** Known, but its store is gone or was never made. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'broken'; readonly message: string };

/** What is below a node; a part that is empty is left out. */
export function childrenOf(node: Node): Node[] {
  const { dataset } = node;
  switch (node.kind) {
    case 'dataset':
      return node.state.kind === 'ready' ? partsOf(dataset, node.state.overview) : [];
    case 'runs':
      return newestFirst(node.runs).map((summary) => ({ kind: 'run', dataset, summary, run: summary.name }));
    case 'embeddings':
      return node.overview.embeddings.map((embedding) => ({
        kind: 'embedding',
        dataset,
        embedding,
        modality: node.overview.summary.modality,
      }));
    case 'quarantine':
      return node.batches.map((summary) => ({ kind: 'batch', dataset, summary, batch: summary.id }));
    default:
      return [];
  }
}

function partsOf(dataset: DatasetRef, overview: DatasetOverview): Node[] {
  const { summary, runs, embeddings, batches } = overview;
  const parts: Node[] = [{ kind: 'items', dataset, overview }];
  if (summary.problems.length + summary.warnings.length > 0) parts.push({ kind: 'problems', dataset, overview });
  if (runs.length > 0) parts.push({ kind: 'runs', dataset, runs });
  if (embeddings.length > 0) parts.push({ kind: 'embeddings', dataset, overview });
  const waiting = batches.filter((batch) => batch.state !== 'restored');
  if (waiting.length > 0) parts.push({ kind: 'quarantine', dataset, batches: waiting });
  return parts;
}
