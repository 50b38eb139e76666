export interface VSCodeServer {
  readonly port: number;
  url(window: { readonly folder: string; readonly extension?: string; readonly tests?: string }): string;
  stop(): Promise<void>;
}
export function ensureVSCodeServer(): Promise<void>;
export function installExtension(vsix: string, extensionsDir: string, dataDir: string): Promise<void>;
export function startVSCodeServer(options: {
  readonly dataDir: string;
  readonly token?: string;
  readonly extensionsDir?: string;
  readonly trust?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
}): Promise<VSCodeServer>;
