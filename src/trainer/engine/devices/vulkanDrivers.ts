import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

/** Drivers that compute on the CPU: SwiftShader, and Mesa's llvmpipe (lavapipe). */
const SOFTWARE = /swiftshader|lvp|lavapipe|llvmpipe/i;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Environment variables that keep Vulkan, which WebGPU computes with on Linux, from loading software drivers: with them, an
 * adapter that is found is a graphics card. Empty on other systems, and where no list of drivers is found.
 * @param isAllowed `undefined` when there are drivers, and all of them are software
 */
export async function hardwareDrivers(environment: Environment): Promise<Record<string, string> | undefined> {
  if (process.platform !== 'linux') return {};
  const all = await vulkanDrivers(environment);
  if (all.length === 0) return {};
  const hardware = all.filter((file) => !SOFTWARE.test(path.basename(file)));
  if (hardware.length === 0) return undefined;
  const list = hardware.join(path.delimiter);
  // The newer name, and the one that loaders before 1.3.207 know.
  return { VK_DRIVER_FILES: list, VK_ICD_FILENAMES: list };
}

/** The drivers' descriptions, as the Vulkan loader looks for them: those that are named, else those in its folders. */
export async function vulkanDrivers(environment: Environment): Promise<string[]> {
  const named = environment['VK_DRIVER_FILES'] ?? environment['VK_ICD_FILENAMES'];
  if (named) return named.split(path.delimiter).filter((file) => file !== '');
  const folders = await Promise.all(driverFolders(environment).map(listing));
  return [...new Set(folders.flat())];
}

function driverFolders(environment: Environment): string[] {
  const home = homedir();
  const lists: readonly (readonly [string, string])[] = [
    ['XDG_CONFIG_HOME', path.join(home, '.config')],
    ['XDG_CONFIG_DIRS', '/etc/xdg'],
    ['SYSCONFDIR', '/etc'],
    ['XDG_DATA_HOME', path.join(home, '.local/share')],
    ['XDG_DATA_DIRS', '/usr/local/share:/usr/share'],
    ['', '/run/opengl-driver/share'],
  ];
  const roots = lists.flatMap(([name, usual]) => (environment[name] ?? usual).split(path.delimiter));
  return roots.filter((root) => root !== '').map((root) => path.join(root, 'vulkan/icd.d'));
}

async function listing(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [] as string[]);
  return names.filter((name) => name.endsWith('.json')).map((name) => path.join(folder, name));
}
