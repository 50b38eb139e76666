import * as vscode from 'vscode';
import { KindredError } from '../../rpc/errors';
import { choose, type Choice } from '../commands/ask';
import { t } from '../ui/l10n';

/** By how much the learning rate of the schedule shall be multiplied from now on. */
export async function askRateFactor(): Promise<number> {
  const factors = [0.1, 0.5, 1, 2].map((factor): Choice<number | undefined> => ({
    label: factor === 1 ? t('As the schedule says') : t('{0} times the schedule', factor),
    value: factor,
  }));
  const other: Choice<number | undefined> = { label: t('Another factor...'), value: undefined };
  const title = t('Which learning rate from now on?');
  return (await choose([...factors, other], { title })) ?? askFactor(title);
}

async function askFactor(title: string): Promise<number> {
  const text = await vscode.window.showInputBox({
    title,
    prompt: t('Times the schedule, for example 0.25'),
    value: '0.25',
    validateInput: (input) => (isFactor(input) ? undefined : t('Give a number from 0.001 to 100.')),
  });
  if (text === undefined) throw new KindredError('cancelled', 'Cancelled.');
  return Number(text);
}

function isFactor(input: string): boolean {
  const factor = Number(input);
  return input.trim() !== '' && factor >= 0.001 && factor <= 100;
}
