import { toErrorData } from '../../../rpc/errors';
import { GraphBuilder } from '../graph/builder';
import { encodeModel } from './encode';
import { nativeProblem, openSession } from './session';

/** Why ONNX Runtime's native library cannot compute here (it is missing, or not for this machine), if it cannot. */
export async function runtimeProblem(): Promise<string | undefined> {
  const builder = new GraphBuilder('identity');
  builder.output('y', builder.input('x', [1], 'float32'));
  try {
    const session = await openSession(encodeModel(builder.build()), { threads: 1 });
    await session.close();
    return await nativeProblem();
  } catch (error) {
    return toErrorData(error).message;
  }
}
