import * as vscode from 'vscode';
import { KindredError } from '../../rpc/errors';
import type { DatasetRef, LossSettings, TrainingSettings, TrainingSuggestion } from '../../trainer/protocol';
import { choose, type Choice } from '../commands/ask';
import type { Services } from '../commands/services';
import { minutes } from '../ui/counts';
import { t } from '../ui/l10n';
import { resumableRuns, runMeasure } from '../ui/models';
import { settings as preferences } from '../ui/settings';
import { saysBudget } from './configuration';
import { lossChoices, lossName } from './lossChoices';

export type TrainingPlan = { readonly settings: TrainingSettings } | { readonly resume: string };

type Way =
  { readonly kind: 'suggested' } | { readonly kind: 'choose' } | { readonly kind: 'resume'; readonly run: string };

/** Asks how to train. The first answer, taken with Enter, is the suggestion with its reasons. */
export async function askTraining(services: Services, dataset: DatasetRef): Promise<TrainingPlan> {
  const overview = await services.datasets.overview(dataset);
  const suggestion = await services.trainer.call('training.suggest', { dataset });
  const settings = await withPreferences(dataset, suggestion.settings);
  const resumable = resumableRuns(overview).slice(0, 5);
  const way = await choose<Way>(
    [
      suggested(settings, suggestion),
      { label: `$(settings) ${t('Choose loss and duration...')}`, value: { kind: 'choose' } },
      ...resumable.map((run): Choice<Way> => ({
        label: `$(debug-continue) ${t('Resume {0}', run.name)}`,
        description: runMeasure(run, t),
        value: { kind: 'resume', run: run.name },
      })),
    ],
    { title: t('Train Embedding Model') },
  );
  if (way.kind === 'resume') return { resume: way.run };
  if (way.kind === 'suggested') return { settings };
  const loss = await askLoss(settings.loss);
  return { settings: { ...settings, loss, budget: await askBudget(settings.budget) } };
}

function suggested(settings: TrainingSettings, { reasons }: TrainingSuggestion): Choice<Way> {
  return {
    label: `$(rocket) ${t('Train with the suggested settings')}`,
    description: `${lossName(settings.loss, t)}, ${budgetText(settings.budget)}`,
    detail: reasons.join(' '),
    value: { kind: 'suggested' },
  };
}

/** The person's own default duration holds where the dataset's kindred.json says nothing. */
async function withPreferences(dataset: DatasetRef, settings: TrainingSettings): Promise<TrainingSettings> {
  if (await saysBudget(dataset)) return settings;
  return { ...settings, budget: { minutes: preferences.trainingMinutes() } };
}

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
    value: String(preferences.trainingMinutes()),
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
