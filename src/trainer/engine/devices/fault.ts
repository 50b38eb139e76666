import { KindredError } from '../../../rpc/errors';
import type { Engine } from '../engine';

/** What became of a device in the middle of the work, for a person. */
export interface DeviceFault {
  /** A full sentence. */
  readonly message: string;
  /** A full sentence. */
  readonly remedy: string;
}

/** How each provider says that memory ran out. */
const OUT_OF_MEMORY: readonly RegExp[] = [
  // WebGPU: the buffer that could not be made shows when it is used.
  /out[ _]of[ _](device[ _])?memory|\[Invalid Buffer|exceeds the (max(imum)? buffer size|supported maximum)/i,
  // CUDA and its libraries, and ONNX Runtime's arena.
  /Failed to allocate memory for requested buffer|CU(BLAS|DNN)_STATUS_ALLOC_FAILED|cudaErrorMemoryAllocation/,
  // DirectML: E_OUTOFMEMORY.
  /8007000E|Not enough (memory|storage)/i,
];

/** How each provider says that the device is gone: unplugged, put to sleep, its driver updated or reset after it hung. */
const LOST: readonly RegExp[] = [
  /device (was |is |has been )?(lost|removed|reset)|VK_ERROR_DEVICE_LOST|DeviceLost|\[Invalid Device/i,
  /CUDA failure (46|700|702|709|719|999)|cudaErrorDevicesUnavailable|CUDNN_STATUS_EXECUTION_FAILED/,
  // DirectX: device removed, hung, reset, internal error of the driver.
  /887A000[567]|887A0020|GPU device instance has been suspended/i,
];

/**
 * What to tell when it was the device that failed and not what it was asked for; undefined when it was not, or when it was
 * the CPU, for which there is no other.
 */
export function deviceFault(error: unknown, engine: Engine): DeviceFault | undefined {
  if (engine.accelerator === undefined || !(error instanceof KindredError) || error.code !== 'engine') return undefined;
  const { device } = engine;
  if (OUT_OF_MEMORY.some((text) => text.test(error.message))) {
    return {
      message: `${device} ran out of memory, so the CPU went on.`,
      remedy: 'Close other programs that use the graphics card, or train with smaller images or batches.',
    };
  }
  if (LOST.some((text) => text.test(error.message))) {
    return {
      message: `${device} was lost, so the CPU went on.`,
      remedy: "Update the graphics card's driver if this happens again, or set kindred.device to cpu.",
    };
  }
  return {
    message: `${device} failed, so the CPU went on: ${error.message}`,
    remedy: 'Set kindred.device to cpu if this happens again.',
  };
}
