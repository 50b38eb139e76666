import { startRelayedHost } from './relayedHost';

startRelayedHost({ view: 'review', dataset: { root: '/data/emoji' }, model: 'descriptor' });
