import type { HostTensors } from '../../engine/engine';
import type { Engine } from '../../engine/engine';
import type { LinearMap } from '../../linear/map';
import { type Labelled, momentsOf } from '../../linear/moments';
import { solve } from '../../linear/solve';
import { HEAD } from '../../models/linearHead';
import { parameterName } from '../step';
import { type FrozenFeatures, gatherRows } from './frozenFeatures';

/** Rows beyond these make principal axes no better: enough for a thousand dimensions. */
const MOST_ROWS = 20_000;

/** The items of the classes, with their rows, in the order of the classes; evenly spread when there are many. */
export function labelledRows(features: FrozenFeatures, classes: readonly Int32Array[], most = Infinity): Labelled {
  const all = classes.flatMap((items, label) => [...items].map((item) => [item, label] as const));
  const rows = Math.min(all.length, most);
  const chosen = Array.from({ length: rows }, (_, i) => all[Math.floor((i * all.length) / rows)]);
  const data = gatherRows(
    features,
    Int32Array.from(chosen, ([item]) => item),
  );
  const labels = Int32Array.from(chosen, ([, label]) => label);
  return { data, rows, dims: features.dims, labels, classes: classes.length };
}

/** A linear layer along the principal axes of the features: before its first step it is as good as they are, mostly better. */
export async function startingHead(
  features: FrozenFeatures,
  classes: readonly Int32Array[],
  size: number,
  engine: Engine,
  signal: AbortSignal,
): Promise<HostTensors> {
  const moments = await momentsOf(labelledRows(features, classes, MOST_ROWS), engine, signal);
  return headState(await solve('pca', moments, size), features.dims);
}

/** The map as the state of the model `linear`. */
export function headState({ weight, bias }: LinearMap, inputs: number): HostTensors {
  return {
    [parameterName(`${HEAD}.weight`)]: { shape: [inputs, bias.length], data: weight },
    [parameterName(`${HEAD}.bias`)]: { shape: [bias.length], data: bias },
  };
}
