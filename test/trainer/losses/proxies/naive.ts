/** The losses of proxies as plain loops in float64, written from their definitions: the oracle. */
import type { ClassLossSettings } from '../../../../src/trainer/types/classLosses';
import type { Rows } from '../naive';

export interface Proxied {
  readonly rows: Rows;
  readonly labels: readonly number[];
  /** Centres of class 0, then of class 1, ... */
  readonly proxies: Rows;
  readonly classes: number;
}

function unit(row: readonly number[]): number[] {
  const length = Math.hypot(...row);
  return length === 0 ? row.map(() => 0) : row.map((x) => x / length);
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i], 0);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const range = (count: number): number[] => [...Array(count).keys()];

/** -log of the share of e^logit of the own class. */
function crossEntropy(logits: readonly number[], own: number): number {
  const highest = Math.max(...logits);
  return Math.log(sum(logits.map((x) => Math.exp(x - highest)))) + highest - logits[own];
}

/** The loss of each item; Proxy-Anchor has none of its own kind. */
function itemLoss(
  settings: Exclude<ClassLossSettings, { kind: 'proxy-anchor' }>,
  cosines: readonly (readonly number[])[],
  own: number,
): number {
  const only = cosines.map(([s]) => s);
  switch (settings.kind) {
    case 'normalised-softmax':
      return crossEntropy(
        only.map((s) => s / settings.temperature),
        own,
      );
    case 'proxy-nca': {
      // Of unit vectors; a zero vector has the same distance to all.
      const distances = only.map((s) => 2 - 2 * s);
      return crossEntropy(
        distances.map((d) => -settings.scale * d),
        own,
      );
    }
    case 'cosface':
      return crossEntropy(
        only.map((s, c) => settings.scale * (c === own ? s - settings.margin : s)),
        own,
      );
    case 'arcface':
      return crossEntropy(
        only.map((s, c) => settings.scale * (c === own ? turned(s, settings.margin) : s)),
        own,
      );
    case 'sub-centre-arcface': {
      const nearest = cosines.map((all) => Math.max(...all));
      return crossEntropy(
        nearest.map((s, c) => settings.scale * (c === own ? turned(s, settings.margin) : s)),
        own,
      );
    }
    case 'soft-triple': {
      const similarities = cosines.map((all) => {
        const highest = Math.max(...all);
        const weights = all.map((s) => Math.exp((s - highest) / settings.gamma));
        return dot(weights, all) / sum(weights);
      });
      return crossEntropy(
        similarities.map((s, c) => settings.scale * (c === own ? s - settings.margin : s)),
        own,
      );
    }
  }
}

function turned(cosine: number, degrees: number): number {
  const margin = (degrees * Math.PI) / 180;
  const angle = Math.acos(Math.min(Math.max(cosine, 1e-7 - 1), 1 - 1e-7));
  return angle > Math.PI - margin ? Math.cos(angle) - margin * Math.sin(margin) : Math.cos(angle + margin);
}

function proxyAnchor(
  { margin, scale }: Extract<ClassLossSettings, { kind: 'proxy-anchor' }>,
  cosines: readonly (readonly number[])[],
  { labels, classes }: Proxied,
): number {
  const pulls: number[] = [];
  const pushes: number[] = [];
  for (let c = 0; c < classes; c++) {
    const own = range(labels.length).filter((i) => labels[i] === c);
    const others = range(labels.length).filter((i) => labels[i] !== c);
    if (own.length > 0) pulls.push(Math.log(1 + sum(own.map((i) => Math.exp(-scale * (cosines[i][c] - margin))))));
    pushes.push(Math.log(1 + sum(others.map((i) => Math.exp(scale * (cosines[i][c] + margin))))));
  }
  return (pulls.length === 0 ? 0 : sum(pulls) / pulls.length) + sum(pushes) / classes;
}

export function naiveClassLoss(settings: ClassLossSettings, batch: Proxied): number {
  const { rows, labels, proxies, classes } = batch;
  const centres = proxies.length / classes;
  const cosines = rows.map((row) => proxies.map((proxy) => dot(unit(row), unit(proxy))));
  if (settings.kind === 'proxy-anchor') return proxyAnchor(settings, cosines, batch);
  const losses = labels.map((label, i) =>
    itemLoss(
      settings,
      range(classes).map((c) => cosines[i].slice(c * centres, (c + 1) * centres)),
      label,
    ),
  );
  return losses.length === 0 ? 0 : sum(losses) / losses.length;
}
