import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { graphicsCardsIn, mayHaveGraphicsCard } from '../../../../src/trainer/engine/devices/graphicsCards';

/** Lines as ONNX Runtime 1.30 writes them, of a CPU and of graphics cards on Windows and Linux. */
const CPU =
  '[I:onnxruntime:onnxruntime-node, device_discovery_common.cc:34 operator()] Discovered OrtHardwareDevice {vendor_id:0x8086, device_id:0x0, vendor:Intel, type:0, metadata: []}';
const device = (ids: string, vendor: string, metadata: string): string =>
  `2026-01-02 [I:onnxruntime:onnxruntime-node, device_discovery_common.cc:34 operator()] Discovered OrtHardwareDevice {${ids}, vendor:${vendor}, type:1, metadata: [${metadata}]}`;

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'kindred-cards-'))));
afterEach(() => rm(folder, { recursive: true }));

describe('the graphics cards in a log of ONNX Runtime', () => {
  it('are none where it found only a processor', async () => {
    expect(await graphicsCardsIn(`${CPU}\nother lines\n`)).toEqual([]);
  });

  it('have the names that Windows gives them, the fastest first', async () => {
    const log = [
      device(
        'vendor_id:0x8086, device_id:0x9bc4',
        'Intel Corporation',
        'Description=Intel(R) UHD Graphics, Discrete=0, DxgiAdapterNumber=0, DxgiHighPerformanceIndex=1, LUID=5, ',
      ),
      CPU,
      device(
        'vendor_id:0x1002, device_id:0x7448',
        'Advanced Micro Devices, Inc.',
        'Description=AMD Radeon PRO W7900, Discrete=1, DxgiAdapterNumber=1, DxgiHighPerformanceIndex=0, DxgiVideoMemory=49136 MB, LUID=56564, ',
      ),
    ].join('\n');
    expect(await graphicsCardsIn(log)).toEqual([
      { name: 'AMD Radeon PRO W7900', isDiscrete: true, adapter: 1 },
      { name: 'Intel(R) UHD Graphics', isDiscrete: false, adapter: 0 },
    ]);
  });

  it("do not count Windows' software renderer", async () => {
    const metadata = 'Description=Microsoft Basic Render Driver, DxgiAdapterNumber=0, ';
    expect(await graphicsCardsIn(device('vendor_id:0x1414, device_id:0x8c', 'Microsoft', metadata))).toEqual([]);
  });

  it("have NVIDIA's own names on Linux", async () => {
    await mkdir(path.join(folder, '0000:01:00.0'));
    await writeFile(
      path.join(folder, '0000:01:00.0/information'),
      'Model: \t\t NVIDIA GeForce RTX 4090\nIRQ:   \t\t 120\nBus Type: \t PCIe\n',
    );
    const log = device('vendor_id:0x10de, device_id:0x2684', '', 'card_idx=0, pci_bus_id=0000:01:00.0, Discrete=1, ');
    expect(await graphicsCardsIn(log, { nvidia: folder })).toEqual([
      { name: 'NVIDIA GeForce RTX 4090', isDiscrete: true },
    ]);
  });

  it('have the names of the list of PCI devices, without the chip where the card has a name', async () => {
    const pciIds = path.join(folder, 'pci.ids');
    await writeFile(
      pciIds,
      '# list\n1002  Advanced Micro Devices, Inc. [AMD/ATI]\n\t744c  Navi 31 [Radeon RX 7900 XT]\n\t\t1002 0e3b  another\n8086  Intel Corporation\n\t46a6  Alder Lake-P GT2 [Iris Xe Graphics]\n\t744c  of another maker\n',
    );
    const log = [
      device('vendor_id:0x8086, device_id:0x46a6', '', 'card_idx=0, '),
      device('vendor_id:0x1002, device_id:0x744c', '', 'card_idx=1, Discrete=1, '),
      device('vendor_id:0x8086, device_id:0x1', '', 'card_idx=2, '),
    ].join('\n');
    const names = (await graphicsCardsIn(log, { pciIds: [path.join(folder, 'none'), pciIds] })).map(({ name }) => name);
    expect(names).toEqual(['AMD Radeon RX 7900 XT', 'Intel Iris Xe Graphics', 'Intel graphics']);
  });
});

describe.runIf(process.platform === 'linux')('a Linux system', () => {
  it('has no graphics card to compute on without a node of a driver', async () => {
    expect(await mayHaveGraphicsCard(folder)).toBe(false);
    await mkdir(path.join(folder, 'dri'));
    await writeFile(path.join(folder, 'dri/card0'), '');
    expect(await mayHaveGraphicsCard(folder)).toBe(false);
  });

  it.each(['nvidiactl', 'dxg', 'dri/renderD128'])('may have one with %s', async (node) => {
    await mkdir(path.join(folder, 'dri'));
    await writeFile(path.join(folder, node), '');
    expect(await mayHaveGraphicsCard(folder)).toBe(true);
  });
});
