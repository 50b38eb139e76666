import { startRelayedHost } from '../review/relayedHost';

startRelayedHost({ view: 'suspects', dataset: { root: '/data/emoji' }, run: 'arcface-1' });
