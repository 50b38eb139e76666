import type { Device } from '../../types/engine';

/** What each device is called beside the name of the hardware. */
export const DEVICE_NAMES: Readonly<Record<Device, string>> = {
  cpu: 'CPU',
  webgpu: 'WebGPU',
  cuda: 'CUDA',
  dml: 'DirectML',
  coreml: 'Core ML',
};

/** A device for a person: "CPU, 2 threads", "NVIDIA GeForce RTX 4090 (WebGPU)". */
export function deviceLabel(
  device: Device,
  { threads, name }: { readonly threads: number; readonly name?: string | undefined },
): string {
  if (device === 'cpu') return `CPU, ${threads} thread${threads === 1 ? '' : 's'}`;
  return `${name ?? 'graphics card'} (${DEVICE_NAMES[device]})`;
}
