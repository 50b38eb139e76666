import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** A graphics card as the operating system knows it. */
export interface GraphicsCard {
  readonly name: string;
  readonly isDiscrete: boolean;
  /** Its number among DirectX's adapters. */
  readonly adapter?: number;
}

/** What ONNX Runtime logs of the hardware when it starts. Type 1 is a GPU; 0 is a CPU, 2 an NPU. */
const DISCOVERED =
  /Discovered OrtHardwareDevice \{vendor_id:0x([0-9a-f]+), device_id:0x([0-9a-f]+), vendor:(.*?), type:1, metadata: \[(.*?)\]\}/g;

/** Makers of graphics cards, by PCI vendor, for cards whose own name is not known. */
const VENDORS: Readonly<Record<number, string | undefined>> = {
  0x10de: 'NVIDIA',
  0x1002: 'AMD',
  0x8086: 'Intel',
  0x106b: 'Apple',
  0x5143: 'Qualcomm',
  0x13b5: 'Arm',
  0x14e4: 'Broadcom',
};

/** Microsoft's software renderer ("Microsoft Basic Render Driver") goes by this vendor and device. */
const WARP = { vendor: 0x1414, device: 0x8c };

export interface NameSources {
  /** Folder under which the kernel describes NVIDIA's cards. */
  readonly nvidia?: string;
  /** Lists of the names of PCI devices, the first that is there. */
  readonly pciIds?: readonly string[];
}

/**
 * The graphics cards in a log of ONNX Runtime at its most talkative level, the one that a provider takes first: as Windows
 * ranks them by performance, else discrete ones before those in the processor. Software renderers are none.
 */
export async function graphicsCardsIn(log: string, sources: NameSources = {}): Promise<GraphicsCard[]> {
  const found = [...log.matchAll(DISCOVERED)].map(([, vendor, device, maker, metadata]) => ({
    vendor: Number.parseInt(vendor, 16),
    device: Number.parseInt(device, 16),
    maker,
    metadata: metadataOf(metadata),
  }));
  const cards = found
    .filter(({ vendor, device }) => vendor !== WARP.vendor || device !== WARP.device)
    .map((card) => ({ ...card, isDiscrete: card.metadata.get('Discrete') === '1' }));
  const rank = ({ metadata, isDiscrete }: (typeof cards)[number]): number =>
    Number(metadata.get('DxgiHighPerformanceIndex') ?? (isDiscrete ? 0 : 1));
  cards.sort((a, b) => rank(a) - rank(b));
  return Promise.all(
    cards.map(async ({ isDiscrete, ...card }) => {
      const adapter = card.metadata.get('DxgiAdapterNumber');
      const name = await nameOf(card, sources);
      return adapter === undefined ? { name, isDiscrete } : { name, isDiscrete, adapter: Number(adapter) };
    }),
  );
}

function metadataOf(text: string): Map<string, string> {
  const entries = text.split(', ').flatMap((entry): [string, string][] => {
    const equals = entry.indexOf('=');
    return equals < 0 ? [] : [[entry.slice(0, equals).trim(), entry.slice(equals + 1).trim()]];
  });
  return new Map(entries);
}

interface Found {
  readonly vendor: number;
  readonly device: number;
  readonly maker: string;
  readonly metadata: ReadonlyMap<string, string>;
}

async function nameOf({ vendor, device, maker, metadata }: Found, sources: NameSources): Promise<string> {
  const description = metadata.get('Description');
  if (description) return description;
  const bus = metadata.get('pci_bus_id');
  const nvidia = bus === undefined ? undefined : await nvidiaName(bus, sources.nvidia);
  if (nvidia !== undefined) return nvidia;
  const listed = await listedName(vendor, device, sources.pciIds);
  const brand = VENDORS[vendor] ?? (maker === '' ? undefined : maker);
  if (listed !== undefined) return brand === undefined || listed.startsWith(brand) ? listed : `${brand} ${listed}`;
  return brand === undefined ? 'graphics card' : `${brand} graphics`;
}

/** NVIDIA's driver tells the model of each card in a file of the kernel. */
async function nvidiaName(bus: string, folder = '/proc/driver/nvidia/gpus'): Promise<string | undefined> {
  const text = await readText(path.join(folder, bus.toLowerCase(), 'information'));
  return /^Model:\s*(.+)$/m.exec(text ?? '')?.[1].trim();
}

const PCI_IDS = ['/usr/share/hwdata/pci.ids', '/usr/share/misc/pci.ids'];

/** The name in the list of PCI devices that most Linux systems have: vendors at the line's start, their devices after a tab. */
async function listedName(
  vendor: number,
  device: number,
  files: readonly string[] = PCI_IDS,
): Promise<string | undefined> {
  for (const file of files) {
    const lines = ((await readText(file)) ?? '').split('\n');
    const start = lines.findIndex((line) => line.startsWith(`${hex(vendor)}  `));
    if (start < 0) continue;
    for (const line of lines.slice(start + 1)) {
      if (!line.startsWith('\t')) break;
      if (line.startsWith(`\t${hex(device)}  `)) return shortName(line.slice(7).trim());
    }
  }
  return undefined;
}

/** "Navi 31 [Radeon RX 7900 XT]": the name on the box is in the brackets. */
function shortName(text: string): string {
  return /\[(.+)\]$/.exec(text)?.[1] ?? text;
}

function hex(id: number): string {
  return id.toString(16).padStart(4, '0');
}

async function readText(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}

/**
 * Whether a Linux kernel offers a graphics card to compute on; without one there is nothing to look for. Other systems always
 * have something to look for.
 */
export async function mayHaveGraphicsCard(devices = '/dev'): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const top = await readdir(devices).catch(() => [] as string[]);
  // NVIDIA's own driver; Windows' card inside its Linux subsystem.
  if (top.includes('nvidiactl') || top.includes('dxg')) return true;
  const cards = await readdir(path.join(devices, 'dri')).catch(() => [] as string[]);
  return cards.some((name) => name.startsWith('renderD'));
}
