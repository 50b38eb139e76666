import type * as ort from 'onnxruntime-node';
import type { Device } from '../../types/engine';
import type { Carried } from './sessionProtocol';

type Options = ort.InferenceSession.SessionOptions;

/** The only device whose memory ONNX Runtime's Node binding can leave outputs in and take inputs from. */
export function keepsStateOnDevice(device: Device): boolean {
  return device === 'webgpu';
}

/**
 * Threads that wait for the next operator spin for this many microseconds before they sleep: enough to be there in time on an idle
 * machine (a step is a tenth faster than without), and too short to take the processor from other work.
 */
export const WAITING = { allow_spinning: '1', spin_duration_us: '20' };

/**
 * Options of a session on a device. Nodes that the device's provider does not know fall to ONNX Runtime's CPU provider, which
 * every session has.
 */
export function sessionOptions(
  device: Device,
  threads: number,
  carried: readonly Carried[],
  logs: 'all' | 'errors' = 'errors',
): Options {
  return {
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    extra: { session: { intra_op: WAITING } },
    executionMode: 'sequential',
    executionProviders: [device],
    // Errors come back as exceptions; ONNX Runtime's own remarks on a graph say nothing to a person.
    logSeverityLevel: logs === 'all' ? 0 : 3,
    // DirectML plans its memory itself, and refuses a session that plans it too.
    ...(device === 'dml' ? { enableMemPattern: false } : {}),
    ...(keepsStateOnDevice(device) && carried.length > 0 ? { preferredOutputLocation: onDevice(carried) } : {}),
  };
}

function onDevice(carried: readonly Carried[]): NonNullable<Options['preferredOutputLocation']> {
  return Object.fromEntries(carried.map(({ output }) => [output, 'gpu-buffer' as const]));
}
