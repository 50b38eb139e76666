import type { Device } from '../../types/engine';
import type { HostTensors } from '../engine';
import type { WarmUpSize } from './warmUp';

/** What a probing process is told by its first message. */
export interface ProbeTask {
  readonly device: Device;
  readonly threads: number;
  readonly size: WarmUpSize;
}

/** Its one message back. */
export type ProbeAnswer =
  | {
      readonly kind: 'measured';
      /** Of the fastest step that was timed. */
      readonly milliseconds: number;
      /** The state and the outputs after two steps, to be compared with the CPU's. */
      readonly values: HostTensors;
    }
  /** The package of ONNX Runtime has no such device on this platform. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly message: string };
