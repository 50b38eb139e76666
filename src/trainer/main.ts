/** The trainer's process: serves the protocol over Node's IPC channel, and ends with its parent. */
import { Rpc, type Envelope, type NoMethods } from '../rpc/rpc';
import type { TrainerProtocol } from './protocol';
import { createService } from './service';

if (process.send === undefined) {
  console.error(
    'This is the trainer of Kindred; it is started by the extension. In a terminal, use the command "kindred".',
  );
  process.exit(2);
}

new Rpc<TrainerProtocol, NoMethods>(
  {
    post: (message) => process.send?.(message),
    listen: (listener) => process.on('message', (message) => listener(message as Envelope)),
  },
  createService(),
);
process.once('disconnect', () => process.exit(0));
