import { existsSync } from 'node:fs';
import path from 'node:path';
import { KindredError } from '../../../../rpc/errors';
import { type ProgramOptions, runProgram } from './program';

/** How npm is started: a program, and what comes before npm's own arguments. */
export interface Npm {
  readonly command: string;
  readonly args: readonly string[];
  /** Where npm and its Node lie. */
  readonly folder: string;
}

/**
 * Finds npm on the PATH. On Windows npm is a batch file, which cannot be started without a shell; there the Node beside it runs
 * npm's own script.
 * @throws KindredError `engine` when there is none
 */
export function findNpm(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform = process.platform,
): Npm {
  const isWindows = platform === 'win32';
  const paths = isWindows ? path.win32 : path.posix;
  for (const folder of (environment['PATH'] ?? environment['Path'] ?? '').split(paths.delimiter)) {
    if (folder === '') continue;
    const script = paths.join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js');
    const node = paths.join(folder, 'node.exe');
    if (isWindows && existsSync(script) && existsSync(node)) return { command: node, args: [script], folder };
    const npm = paths.join(folder, 'npm');
    if (!isWindows && existsSync(npm)) return { command: npm, args: [], folder };
  }
  throw new KindredError('engine', 'npm, which fetches the packages, is not found.', {
    remedy:
      'Install Node.js (nodejs.org), which brings npm, start VS Code again so that it sees it, and run this command again.',
  });
}

/** Runs npm with its own Node first on the PATH, for the scripts of packages. */
export function runNpm(
  { command, args, folder }: Npm,
  more: readonly string[],
  options: ProgramOptions,
): Promise<string> {
  const env = { ...options.env, PATH: `${folder}${path.delimiter}${process.env['PATH'] ?? ''}` };
  return runProgram(command, [...args, ...more], { ...options, env });
}
