import { Argument, type Command } from 'commander';
import { KindredError } from '../../rpc/errors';
import type { TensorflowOffer, TensorflowSource } from '../../trainer/protocol';
import { EXIT } from '../exitCodes';
import type { Running } from '../running';

const EXAMPLES = `
What is downloaded comes from the npm registry and from TensorFlow's own storage. With --python nothing of TensorFlow is
downloaded: a binding to the one that the Python environment has is built, with the C++ compiler of this machine.
The engine is kept in the folder that KINDRED_TENSORFLOW names, otherwise among the data of your account.

Examples:
  kindred install-engine tensorflow --gpu
  kindred install-engine tensorflow --cpu
  kindred install-engine tensorflow --python venv/bin/python
  kindred remove-engine tensorflow`;

interface Options {
  readonly gpu?: boolean;
  readonly cpu?: boolean;
  readonly python?: string;
}

const engine = (): Argument => new Argument('<engine>', 'the engine').choices(['tensorflow']);

export function addInstallEngine(program: Command, running: Running): void {
  const command = program
    .command('install-engine')
    .description('install the TensorFlow engine, for CUDA or to compare with')
    .addArgument(engine())
    .option('--gpu', "TensorFlow with CUDA, for NVIDIA's graphics cards")
    .option('--cpu', 'TensorFlow for the processor')
    .option('--python <interpreter>', 'the TensorFlow of a Python environment')
    .addHelpText('after', EXAMPLES);
  running.serveMachine(command, async (session) => {
    const source = sourceOf(command.opts<Options>());
    const offers = await session.call('engine.offers', null);
    const offer = offers.find(({ kind }) => kind === source.kind);
    if (offer) process.stderr.write(`${costOf(offer)}\n`);
    const installed = await session.call('engine.install', { source });
    const text = `${installed.device} is installed and computes right.\nUse it with: kindred train <dataset> --engine tensorflow`;
    return { code: EXIT.fine, document: installed, text };
  });
}

export function addRemoveEngine(program: Command, running: Running): void {
  const command = program
    .command('remove-engine')
    .description('remove the TensorFlow engine')
    .addArgument(engine())
    .addHelpText('after', '\nExamples:\n  kindred remove-engine tensorflow');
  running.serveMachine(command, async (session) => {
    const removed = await session.call('engine.remove', null);
    const text = removed ? 'The TensorFlow engine is removed.' : 'The TensorFlow engine was not installed.';
    return { code: EXIT.fine, document: { removed }, text };
  });
}

function sourceOf({ gpu, cpu, python }: Options): TensorflowSource {
  const sources: TensorflowSource[] = [
    ...(gpu ? [{ kind: 'gpu' as const }] : []),
    ...(cpu ? [{ kind: 'cpu' as const }] : []),
    ...(python === undefined ? [] : [{ kind: 'python' as const, interpreter: python }]),
  ];
  if (sources.length === 1) return sources[0];
  throw new KindredError('invalid-argument', 'Say which TensorFlow to install.', {
    remedy: 'Give one of --gpu, --cpu and --python <interpreter>.',
  });
}

function costOf({ download, disk }: TensorflowOffer): string {
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
  return `About ${megabytes(download)} are downloaded, and ${megabytes(disk)} of the disk are used. Ctrl-C stops it.`;
}
