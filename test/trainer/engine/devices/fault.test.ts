import { describe, expect, it } from 'vitest';
import { KindredError } from '../../../../src/rpc/errors';
import { cpuEngine } from '../../../../src/trainer/engine/cpuEngine';
import { deviceFault } from '../../../../src/trainer/engine/devices/fault';
import type { Engine } from '../../../../src/trainer/engine/engine';

const card: Engine = { ...cpuEngine(), device: 'Card (WebGPU)', accelerator: 'webgpu' };
const failed = (text: string): KindredError => new KindredError('engine', `ONNX Runtime failed: ${text}`);

describe('the fault of a device', () => {
  it.each([
    'WebGPU validation failed. [Invalid Buffer (unlabeled)] is invalid due to a previous error.\n - While validating entries[1]',
    'WebGPU device error(3): vkAllocateMemory failed with VK_ERROR_OUT_OF_DEVICE_MEMORY',
    'Buffer size (3185049600) exceeds the max buffer size limit (1073741824)',
    'Tile output tensor would require more than 4294967296 bytes, which exceeds the supported maximum of 4294967296 bytes.',
    'CUDA failure 2: out of memory ; GPU=0 ; hostname=h ; expr=cudaMalloc((void**)&p, size);',
    'BFCArena::AllocateRawInternal(size_t, bool) Failed to allocate memory for requested buffer of size 8589934592',
    'CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED',
    'DmlCommittedResourceAllocator.cpp(22) Exception(2) tid(1) 8007000E Not enough memory resources are available to complete this operation.',
  ])('tells that memory ran out: %s', (text) => {
    expect(deviceFault(failed(text), card)?.message).toBe('Card (WebGPU) ran out of memory, so the CPU went on.');
  });

  it.each([
    'WebGPU device lost (2): D3D12 internal error',
    'vkQueueSubmit failed with VK_ERROR_DEVICE_LOST',
    '[Invalid Device] is invalid.',
    'CUDA failure 700: an illegal memory access was encountered',
    'CUDA failure 719: unspecified launch failure',
    'DmlExecutionProvider: 887A0005 The GPU device instance has been suspended. Use GetDeviceRemovedReason',
    '887A0006 The GPU will not respond to more commands',
  ])('tells that the device was lost: %s', (text) => {
    expect(deviceFault(failed(text), card)?.message).toBe('Card (WebGPU) was lost, so the CPU went on.');
  });

  it('tells what it was when it was something else', () => {
    const fault = deviceFault(failed('Error computing NN outputs.'), card);
    expect(fault?.message).toContain('Error computing NN outputs.');
  });

  it('is none when it was the CPU, the person, or a setting', () => {
    expect(deviceFault(failed('out of memory'), cpuEngine())).toBeUndefined();
    expect(deviceFault(new KindredError('cancelled', 'out of memory'), card)).toBeUndefined();
    expect(deviceFault(new KindredError('bad-input', 'The loss is no longer a number.'), card)).toBeUndefined();
    expect(deviceFault(new Error('out of memory'), card)).toBeUndefined();
  });
});
