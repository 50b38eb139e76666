/** How near two vectors are. `cosine` is 1 - cosine (0 to 2), `euclidean` the length of the difference, `dot` the negative product. */
export const METRICS = ['cosine', 'euclidean', 'dot'] as const;

export type Metric = (typeof METRICS)[number];

/** Those for which the neighbours of neighbours are likely neighbours. The largest products belong to a few long vectors instead. */
export const NEAR_METRICS = ['cosine', 'euclidean'] as const satisfies readonly Metric[];

export type NearMetric = (typeof NEAR_METRICS)[number];

/** As src/kernels/exact.ts numbers them. */
export const METRIC_CODE: Readonly<Record<NearMetric, number>> = { euclidean: 0, cosine: 1 };
