import { availableParallelism } from 'node:os';
import * as ort from 'onnxruntime-node';
import type { HostTensors, Program } from '../../src/trainer/engine/engine';
import type { Graph } from '../../src/trainer/engine/graph/graph';
import { encodeModel } from '../../src/trainer/engine/onnx/encode';
import { WAITING } from '../../src/trainer/engine/onnx/provider';
import { inputName, newStateName, stateName } from '../../src/trainer/engine/tracer/trace';
import { draw } from './network';

/** A graph of the step in ONNX Runtime, with its state. */
export class Contestant {
  private readonly feeds: Record<string, ort.Tensor>;
  loss = Number.NaN;

  private constructor(
    readonly name: string,
    private readonly session: ort.InferenceSession,
    private readonly program: Program,
  ) {
    const { state, inputs } = draw(program);
    this.feeds = { ...toOrt(state, stateName), ...toOrt(inputs, inputName) };
  }

  /** @param profile writes ONNX Runtime's profile, of every step, to files that begin so */
  static async make(name: string, graph: Graph, program: Program, profile?: string): Promise<Contestant> {
    const session = await ort.InferenceSession.create(encodeModel(graph), {
      intraOpNumThreads: availableParallelism(),
      graphOptimizationLevel: 'all',
      extra: { session: { intra_op: WAITING } },
      ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: `${profile}-${name}` }),
    });
    return new Contestant(name, session, program);
  }

  async step(): Promise<void> {
    const results = await this.session.run(this.feeds);
    for (const name of Object.keys(this.program.state)) this.feeds[stateName(name)] = results[newStateName(name)];
    this.loss = (results['output/loss'].data as Float32Array)[0];
  }

  end(): void {
    this.session.endProfiling();
  }
}

function toOrt(tensors: HostTensors, rename: (name: string) => string): Record<string, ort.Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [rename(name), new ort.Tensor('float32', data, shape)]),
  );
}
