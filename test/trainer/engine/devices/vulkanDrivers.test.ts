import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hardwareDrivers, vulkanDrivers } from '../../../../src/trainer/engine/devices/vulkanDrivers';

let data: string;
let environment: Record<string, string>;
beforeEach(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'kindred-vulkan-'));
  await mkdir(path.join(data, 'vulkan/icd.d'), { recursive: true });
  const nowhere = path.join(data, 'nowhere');
  environment = {
    XDG_CONFIG_HOME: nowhere,
    XDG_CONFIG_DIRS: nowhere,
    SYSCONFDIR: nowhere,
    XDG_DATA_HOME: nowhere,
    XDG_DATA_DIRS: `${nowhere}:${data}`,
  };
});
afterEach(() => rm(data, { recursive: true }));

async function install(...names: string[]): Promise<string[]> {
  const files = names.map((name) => path.join(data, 'vulkan/icd.d', name));
  for (const file of files) await writeFile(file, '{}');
  return files;
}

describe.runIf(process.platform === 'linux')('Vulkan drivers', () => {
  it('are found where the loader looks for them', async () => {
    const [radeon] = await install('radeon_icd.x86_64.json', 'README');
    expect(await vulkanDrivers(environment)).toContain(radeon);
    expect(await vulkanDrivers(environment)).not.toContain(path.join(data, 'vulkan/icd.d/README'));
    expect(await vulkanDrivers({ ...environment, VK_ICD_FILENAMES: '/one.json:/two.json' })).toEqual([
      '/one.json',
      '/two.json',
    ]);
  });

  it('of software are left out', async () => {
    const [radeon, , nvidia] = await install('radeon_icd.x86_64.json', 'lvp_icd.x86_64.json', 'nvidia_icd.json');
    const { VK_DRIVER_FILES: newer, VK_ICD_FILENAMES: older } = (await hardwareDrivers(environment)) ?? {};
    expect(newer.split(':').sort()).toEqual([nvidia, radeon].sort());
    expect(older).toBe(newer);
  });

  it('are none where all are software', async () => {
    await install('lvp_icd.x86_64.json', 'vk_swiftshader_icd.json');
    expect(await hardwareDrivers(environment)).toBeUndefined();
    expect(await hardwareDrivers({ VK_DRIVER_FILES: '/usr/lib/chromium/vk_swiftshader_icd.json' })).toBeUndefined();
  });

  it('leave the environment alone where no list of them is known', async () => {
    expect(await hardwareDrivers(environment)).toEqual({});
  });
});
