import * as vscode from 'vscode';
import { KindredError } from '../../rpc/errors';
import type { TensorflowOffer, TensorflowSource } from '../../trainer/protocol';
import { t } from '../ui/l10n';
import { withProgress } from '../ui/progress';
import { type Choice, choose } from './ask';
import type { Commands, Services } from './services';

/** Commands about the engine that the person can add. */
export function engineCommands(services: Services): Commands {
  return {
    'kindred.installTensorflow': () => install(services),
    'kindred.removeTensorflow': () => remove(services),
  };
}

/** Asks which one, says what it costs, installs it, and has the trainer begin anew with it. */
async function install(services: Services): Promise<void> {
  refuseWhileTraining(services);
  const offers = await services.trainer.call('engine.offers', null);
  if (offers.length === 0) {
    throw new KindredError('engine', t('TensorFlow is not made for this machine.'), {
      remedy: t('ONNX Runtime, which is there already, computes on it.'),
    });
  }
  const offer = await choose(offers.map(choiceOf), { title: t('Install TensorFlow Engine') });
  const source: TensorflowSource =
    offer.kind === 'python' ? { kind: 'python', interpreter: await askInterpreter() } : { kind: offer.kind };
  await askConsent(source, offer);
  const { device } = await withProgress(t('Installing the TensorFlow engine'), (options) =>
    services.trainer.call('engine.install', { source }, options),
  );
  services.trainer.recycle();
  const use = t('Use It');
  const said = t('{0} is installed and computes right.', device);
  if ((await vscode.window.showInformationMessage(said, use)) === use) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'kindred.engine');
  }
}

function choiceOf(offer: TensorflowOffer): Choice<TensorflowOffer> {
  const size = t('about {0} MB to download', Math.round(offer.download / 1e6));
  switch (offer.kind) {
    case 'gpu':
      return {
        label: `$(chip) ${t("For NVIDIA's graphics cards")}`,
        description: size,
        detail: t('TensorFlow 2.9 with CUDA. CUDA 11 and cuDNN 8 must be installed on this machine.'),
        value: offer,
      };
    case 'cpu':
      return {
        label: `$(circuit-board) ${t('For the processor')}`,
        description: size,
        detail: t('TensorFlow without CUDA.'),
        value: offer,
      };
    case 'python':
      return {
        label: `$(snake) ${t('The TensorFlow of a Python environment...')}`,
        description: size,
        detail: t('With CUDA if that has it. A small binding is built, which needs a C++ compiler.'),
        value: offer,
      };
  }
}

/** Suggests the interpreter of the Python extension's setting. It is run, so the person has to say yes to it. */
async function askInterpreter(): Promise<string> {
  const suggested = vscode.workspace.isTrusted
    ? vscode.workspace.getConfiguration('python').get<string>('defaultInterpreterPath')
    : undefined;
  const interpreter = await vscode.window.showInputBox({
    title: t('Install TensorFlow Engine'),
    prompt: t('The Python interpreter of the environment that has TensorFlow. It is asked where TensorFlow is.'),
    value: suggested === undefined || suggested === '' ? 'python3' : suggested,
    ignoreFocusOut: true,
  });
  if (interpreter === undefined || interpreter.trim() === '') throw new KindredError('cancelled', 'Cancelled.');
  return interpreter.trim();
}

async function askConsent(source: TensorflowSource, { download, disk }: TensorflowOffer): Promise<void> {
  const yes = t('Download and Install');
  const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
  const what =
    source.kind === 'python'
      ? t("Packages come from the npm registry; a binding to the environment's own TensorFlow is then built.")
      : t("Packages come from the npm registry, and TensorFlow's library from its makers' storage.");
  const cost = t(
    'About {0} MB are downloaded and {1} MB of the disk are used, in the folder of this extension.',
    megabytes(download),
    megabytes(disk),
  );
  const options = { modal: true, detail: `${what} ${cost}` };
  const answer = await vscode.window.showInformationMessage(t('Install the TensorFlow engine?'), options, yes);
  if (answer !== yes) throw new KindredError('cancelled', 'Cancelled.');
}

async function remove(services: Services): Promise<void> {
  refuseWhileTraining(services);
  const yes = t('Remove');
  const question = t('Remove the TensorFlow engine? Trainings then use the best that is left.');
  if ((await vscode.window.showWarningMessage(question, { modal: true }, yes)) !== yes) {
    throw new KindredError('cancelled', 'Cancelled.');
  }
  // A new trainer has not loaded the library, so that its files are free.
  services.trainer.recycle();
  const removed = await services.trainer.call('engine.remove', null);
  void vscode.window.showInformationMessage(
    removed ? t('The TensorFlow engine is removed.') : t('The TensorFlow engine was not installed.'),
  );
}

function refuseWhileTraining({ jobs }: Services): void {
  if (jobs.current === undefined) return;
  throw new KindredError('invalid-argument', t('A training is under way.'), {
    remedy: t('Stop it, or wait until it ends; then do this again.'),
  });
}
