import type { Command } from 'commander';
import { KindredError } from '../../rpc/errors';
import type { RunSummary, TrainingAction } from '../../trainer/protocol';
import { EXIT } from '../exitCodes';
import { number } from '../options';
import type { Running } from '../running';
import type { CommonOptions } from '../session';

interface Options extends CommonOptions {
  readonly run?: string;
  readonly pause?: true;
  readonly resume?: true;
  readonly stop?: true;
  readonly rate?: number;
}

const EXAMPLES = `
The training may run in another terminal or in the editor.

Examples:
  kindred steer photos --pause
  kindred steer photos --resume
  kindred steer photos --run first --rate 0.5
  kindred steer photos --stop`;

export function addSteer(program: Command, running: Running): void {
  const command = program
    .command('steer')
    .description('pause, resume or stop a training that goes on, or change its learning rate')
    .option('--run <name>', 'which training, when several go on')
    .option('--pause', 'write a checkpoint and wait; the process stays as it is')
    .option('--resume', 'let it go on')
    .option('--stop', 'end it early; the model is kept')
    .option('--rate <factor>', 'the learning rate: so many times what the schedule says', number(0.001, 100))
    .addHelpText('after', EXAMPLES);
  running.serve(command, async (session) => {
    const options = command.opts<Options>();
    const action = actionOf(options);
    const { runs } = await session.call('dataset.overview', { dataset: session.ref });
    const run = options.run ?? onlyRunning(runs);
    await session.call('training.control', { dataset: session.ref, run, action });
    return { code: EXIT.fine, document: { run, action }, text: `Run "${run}": ${DONE[action.kind]}.` };
  });
}

const DONE: Readonly<Record<TrainingAction['kind'], string>> = {
  pause: 'paused, with a checkpoint',
  resume: 'goes on',
  stop: 'stopped, and kept',
  rate: 'goes on with another learning rate, so its settings alone no longer repeat it',
};

function actionOf({ pause, resume, stop, rate }: Options): TrainingAction {
  const asked: TrainingAction[] = [
    ...(pause === true ? [{ kind: 'pause' } as const] : []),
    ...(resume === true ? [{ kind: 'resume' } as const] : []),
    ...(stop === true ? [{ kind: 'stop' } as const] : []),
    ...(rate === undefined ? [] : [{ kind: 'rate', factor: rate } as const]),
  ];
  const only = asked.at(0);
  if (only && asked.length === 1) return only;
  throw new KindredError('invalid-argument', 'Say one thing to do.', {
    remedy: 'Give one of --pause, --resume, --stop and --rate <factor>.',
  });
}

function onlyRunning(runs: readonly RunSummary[]): string {
  const names = runs.filter(({ state }) => state === 'running').map(({ name }) => name);
  const only = names.at(0);
  if (only !== undefined && names.length === 1) return only;
  if (only === undefined) throw new KindredError('not-found', 'No training of this dataset goes on.');
  throw new KindredError('invalid-argument', `Several trainings go on: ${names.join(', ')}.`, {
    remedy: 'Choose one with --run <name>.',
  });
}
