export * from './props';
export { ScatterMap } from './scatterMap';
