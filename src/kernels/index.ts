/**
 * Entry of the kernels: all that runs as WebAssembly. Each export does the rows (vertices, leaves, ...) from `from` up to `to`, and
 * writes only what belongs to them, so that any number of threads may share the work and the result is the same bytes.
 * Addresses are bytes in the one shared memory; src/trainer/kernels lays it out.
 */
export { normaliseRows, squaresLeft, covariance, projectRows } from './vectors';
export { growTrees } from './trees';
export { joinLeaves, gatherCandidates, markTried, joinCandidates, applyUpdates } from './descent';
export { rerank, rerankWithOffers, nearestExactly } from './exact';
export { nearestCentres, lowerSquares } from './centres';
export { nearestByBits } from './hamming';
export { memberships } from './memberships';
export { layoutEpoch } from './umap';
export { localRadii, densityStep } from './density';
export { affinities } from './affinities';
export { mortonCodes, plantTree } from './quadtree';
export { repulsion, repulsionInSpace, tsneStep } from './tsne';
export { smoothVectors } from './spectral';
