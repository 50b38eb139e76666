import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

/** Folders in which a Chromium may lie, with SwiftShader (a Vulkan device in software) and a Vulkan loader beside it. */
const FOLDERS = [
  ...(process.env['CHROME_PATH'] === undefined ? [] : [path.dirname(process.env['CHROME_PATH'])]),
  '/usr/lib/chromium',
  '/usr/lib/chromium-browser',
  '/usr/lib64/chromium-browser',
  '/opt/google/chrome',
  path.dirname(chromium.executablePath()),
];

/** dlopen's flags for "now" and "never unload"; Node has no name for the second. */
const NOW = 2;
const NO_DELETE = 0x1000;

/**
 * Gives this process, and those that it starts, a graphics card in software, which computes right and slowly. Must be called
 * before ONNX Runtime looks for one.
 * @returns whether there is one
 */
export function useSoftwareGpu(): boolean {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false;
  const folder = FOLDERS.find((place) => existsSync(path.join(place, 'vk_swiftshader_icd.json')));
  if (folder === undefined) return false;
  process.env['VK_ICD_FILENAMES'] = path.join(folder, 'vk_swiftshader_icd.json');
  process.env['XDG_RUNTIME_DIR'] ??= '/tmp';
  process.env['KINDRED_ALLOW_SOFTWARE_GPU'] = '1';
  const loader = path.join(folder, 'libvulkan.so.1');
  if (existsSync(loader)) load(loader);
  return true;
}

/** A library that is loaded already is found by its name alone; new processes look for it in its folder. */
function load(library: string): void {
  process.env['LD_LIBRARY_PATH'] = [path.dirname(library), process.env['LD_LIBRARY_PATH'] ?? ''].join(':');
  try {
    process.dlopen({ exports: {} }, library, NOW | NO_DELETE);
  } catch {
    // It is no addon of Node, which is told after it was loaded.
  }
}
