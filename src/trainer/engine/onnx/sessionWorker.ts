/**
 * Entry of the thread in which ONNX Runtime runs. Its Node binding computes in the thread that calls it, for half a second in a
 * training step; here nobody waits for that thread.
 */
import { parentPort } from 'node:worker_threads';
import { KindredError } from '../../../rpc/errors';
import { type NoMethods, Rpc } from '../../../rpc/rpc';
import { onnxRuntime } from './onnxRuntime';
import { OrtSession } from './ortSession';
import type { SessionProtocol } from './sessionProtocol';
import { threadPort } from './threadPort';

const sessions = new Map<number, OrtSession>();
let next = 1;

function sessionOf(number: number): OrtSession {
  const session = sessions.get(number);
  if (!session) throw new KindredError('engine', 'A model was used after it was disposed of.');
  return session;
}

let last: Promise<unknown> = Promise.resolve();

/** Starts when all that was asked for before is done: the next run of a session must see what the last one carried over. */
function inTurn<T>(f: () => Promise<T> | T): Promise<T> {
  const turn = last.then(f);
  last = turn.catch(() => undefined);
  return turn;
}

new Rpc<SessionProtocol, NoMethods>(threadPort(parentPort!), {
  nativeProblem: async () => (await onnxRuntime()).nativeProblem ?? null,
  open: (model) =>
    inTurn(async () => {
      sessions.set(next, await OrtSession.open(model));
      return next++;
    }),
  keep: ({ session, tensors }) =>
    inTurn(() => {
      sessionOf(session).keep(tensors);
      return null;
    }),
  kept: ({ session }) => inTurn(() => sessionOf(session).kept()),
  run: ({ session, inputs }) => inTurn(() => sessionOf(session).run(inputs)),
  close: ({ session }) =>
    inTurn(async () => {
      await sessionOf(session).close();
      sessions.delete(session);
      return null;
    }),
});
