import type { Device } from '../../types/engine';

/** A platform as Node names it: "linux-x64". */
export function platformName(): string {
  return `${process.platform}-${process.arch}`;
}

/**
 * The devices beside the CPU that the packages of ONNX Runtime for Node can have on each platform, in the order in which they
 * are tried. CUDA is there when its libraries were installed beside the package.
 */
const CANDIDATES: Readonly<Record<string, readonly Device[] | undefined>> = {
  'linux-x64': ['cuda', 'webgpu'],
  'win32-x64': ['dml', 'webgpu'],
  'win32-arm64': ['dml', 'webgpu'],
  'darwin-arm64': ['webgpu', 'coreml'],
};

export function candidates(platform = platformName()): readonly Device[] {
  return CANDIDATES[platform] ?? [];
}
