/** Everything that the panels share. */
import './base.css';

export * from './announcer';
export * from './components';
export * from './connection';
export * from './disposable';
export * from './dom';
export * from './format';
export * from './keyboard';
export * from './oncePerFrame';
export * from './palette';
export * from './popover';
export * from './progressBar';
export * from './states';
export * from './theme';
export * from './thumbnails';
export * from './tooltip';
export * from './viewState';
export * from './virtualGrid';
