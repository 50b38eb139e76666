import type { TrainingMetrics } from '../../trainer/protocol';

/**
 * The points of a training curve in the order of their steps. A point at or before the last one means that the run went back to
 * its checkpoint: what came after is no longer true and goes.
 */
export class Curve {
  private readonly kept: TrainingMetrics[] = [];

  get points(): readonly TrainingMetrics[] {
    return this.kept;
  }

  get last(): TrainingMetrics | undefined {
    return this.kept.at(-1);
  }

  add(point: TrainingMetrics): void {
    while (this.kept.length > 0 && this.kept.at(-1)!.step >= point.step) this.kept.pop();
    this.kept.push(point);
  }

  /** Takes the stored history; points that came live while it was read and are newer stay. */
  load(history: readonly TrainingMetrics[]): void {
    const live = this.kept.splice(0);
    for (const point of history) this.add(point);
    const from = this.last?.step ?? -1;
    for (const point of live) if (point.step > from) this.add(point);
  }

  /** The points at which the held-out items were measured. */
  recalls(): { readonly step: number; readonly recallAt1: number }[] {
    return this.kept.flatMap(({ step, recallAt1 }) => (recallAt1 === undefined ? [] : [{ step, recallAt1 }]));
  }

  best(): { readonly step: number; readonly recallAt1: number } | undefined {
    let best: { readonly step: number; readonly recallAt1: number } | undefined;
    for (const point of this.recalls()) if (best === undefined || point.recallAt1 > best.recallAt1) best = point;
    return best;
  }
}
