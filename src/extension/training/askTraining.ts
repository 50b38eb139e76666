import * as vscode from 'vscode';
import { KindredError } from '../../rpc/errors';
import type { DatasetRef, LossSettings, TrainingSettings, TrainingSuggestion } from '../../trainer/protocol';
import { choose, type Choice } from '../commands/ask';
import type { Services } from '../commands/services';
import { minutes } from '../ui/counts';
import { suggestionReport } from '../reports/suggestionReport';
import { t } from '../ui/l10n';
import { resumableRuns, runMeasure } from '../ui/models';
import { settings as preferences } from '../ui/settings';
import { lossChoices, lossName } from './lossChoices';
import { withPreferredBudget } from './preferredBudget';

export type TrainingPlan = { readonly settings: TrainingSettings } | { readonly resume: string };

type Way =
  | { readonly kind: 'suggested' }
  | { readonly kind: 'choose' }
  | { readonly kind: 'why' }
  | { readonly kind: 'resume'; readonly run: string };

/** Asks how to train. The first answer, taken with Enter, is the suggestion with its reasons. */
export async function askTraining(services: Services, dataset: DatasetRef): Promise<TrainingPlan> {
  const overview = await services.datasets.overview(dataset);
  const suggestion = await services.trainer.call('training.suggest', { dataset });
  const { settings, reasons } = await withPreferences(dataset, suggestion);
  const resumable = resumableRuns(overview).slice(0, 5);
  const way = await choose<Way>(
    [
      suggested(settings, reasons),
      { label: `$(settings) ${t('Choose loss and duration...')}`, value: { kind: 'choose' } },
      ...resumable.map((run): Choice<Way> => ({
        label: `$(debug-continue) ${t('Resume {0}', run.name)}`,
        description: runMeasure(run, t),
        value: { kind: 'resume', run: run.name },
      })),
      { label: `$(info) ${t('Why these settings?')}`, value: { kind: 'why' } },
    ],
    { title: t('Train Embedding Model') },
  );
  if (way.kind === 'why') {
    const { name } = overview.summary;
    await services.reports.show(t('Training of {0}', name), suggestionReport(name, { settings, reasons }, t));
    throw new KindredError('cancelled', 'Cancelled.');
  }
  if (way.kind === 'resume') return { resume: way.run };
  if (way.kind === 'suggested') return { settings };
  const network = await services.trainer.call('training.suggest', { dataset, network: true });
  const { settings: base } = await withPreferences(dataset, network);
  const loss = await askLoss(base.loss);
  return { settings: { ...base, loss, budget: await askBudget(base.budget) } };
}

function suggested(settings: TrainingSettings, reasons: readonly string[]): Choice<Way> {
  return {
    label: `$(rocket) ${t('Train with the suggested settings')}`,
    description: settings.features === undefined ? wayOf(settings) : t('A layer on {0}, in seconds', settings.features),
    detail: reasons.join(' '),
    value: { kind: 'suggested' },
  };
}

const wayOf = ({ loss, budget }: TrainingSettings): string => `${lossName(loss, t)}, ${budgetText(budget)}`;

const withPreferences = (dataset: DatasetRef, suggestion: TrainingSuggestion): Promise<TrainingSuggestion> =>
  withPreferredBudget(dataset, suggestion, preferences.trainingMinutes(), t);

function askLoss(current: LossSettings): Promise<LossSettings> {
  return choose(
    lossChoices(current, t).map(({ name, about, loss }) => ({ label: name, detail: about, value: loss })),
    { title: t('Which loss?') },
  );
}

type Budget = TrainingSettings['budget'];

async function askBudget(current: Budget): Promise<Budget> {
  const others = [1, 3, 10, 30, 60].map((length): Budget => ({ minutes: length }));
  const first = JSON.stringify(current);
  const all = [current, ...others.filter((budget) => JSON.stringify(budget) !== first)];
  const items = all.map((budget): Choice<Budget | undefined> => ({ label: budgetText(budget), value: budget }));
  const other: Choice<Budget | undefined> = { label: t('Another number of minutes...'), value: undefined };
  return (await choose([...items, other], { title: t('How long?') })) ?? askMinutes();
}

async function askMinutes(): Promise<Budget> {
  const text = await vscode.window.showInputBox({
    title: t('How long?'),
    prompt: t('Minutes of training, for example 5'),
    value: '5',
    validateInput: (input) => (isMinutes(input) ? undefined : t('Give a number of minutes between 0.1 and 10,000.')),
  });
  if (text === undefined) throw new KindredError('cancelled', 'Cancelled.');
  return { minutes: Number(text) };
}

function isMinutes(input: string): boolean {
  const length = Number(input);
  return input.trim() !== '' && length >= 0.1 && length <= 10_000;
}

function budgetText(budget: Budget): string {
  return 'minutes' in budget ? minutes(budget.minutes, t) : t('{0} steps', budget.steps);
}
