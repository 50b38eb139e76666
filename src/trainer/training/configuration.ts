import type { Dataset } from '../dataset/dataset';
import type { ConfigurationProblem, SettingsProblem, TrainingSettings } from '../types/training';
import { columnProblems } from './columnProblems';
import { jsonPositions, positionAt, type Span } from './jsonPositions';
import { isGroup } from './rules';
import { overrideSettings, settingsProblems } from './settings';
import { beginningOf, PRESET_RULE, shapeOf } from './suggest';

/**
 * What is wrong with the text of a kindred.json, and where. A text that is no JSON is left to the editor, which marks it while
 * it is written.
 */
export async function configurationProblems(dataset: Dataset, text: string): Promise<ConfigurationProblem[]> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  const spans = jsonPositions(text);
  return (await problemsOf(dataset, value)).map((problem) => {
    const { start, end } = spanOf(spans, problem.key);
    return { ...problem, start: positionAt(text, start), end: positionAt(text, end) };
  });
}

async function problemsOf(dataset: Dataset, value: unknown): Promise<SettingsProblem[]> {
  if (!isGroup(value))
    return [{ key: '', message: 'It must hold one object in braces.', remedy: 'Begin with { "training": {} }.' }];
  const training = value['training'];
  if (training === undefined) return [];
  if (!isGroup(training)) {
    const remedy = 'Write { } around the settings, or remove it.';
    return [{ key: 'training', message: '"training" must be a group of settings in braces.', remedy }];
  }
  const { settings, rest } = beginningOf(shapeOf(dataset), training);
  const found = (await problemsIn(dataset, overrideSettings(settings, rest))).map(({ key, ...problem }) => ({
    key: key === '' ? 'training' : `training.${key}`,
    ...problem,
  }));
  return [...presetProblems(training['preset']), ...found];
}

/** What is wrong with settings for a dataset: by themselves, or else with the columns that they name. */
export async function problemsIn(dataset: Dataset, settings: unknown): Promise<SettingsProblem[]> {
  const found = settingsProblems(settings);
  return found.length > 0 ? found : columnProblems(dataset, settings as TrainingSettings);
}

function presetProblems(preset: unknown): SettingsProblem[] {
  if (preset === undefined || PRESET_RULE.holds(preset)) return [];
  const message = `"training.preset" is ${JSON.stringify(preset)}; it must be ${PRESET_RULE.allowed}.`;
  return [{ key: 'training.preset', message, remedy: 'Choose one of them, or remove it.' }];
}

/** Where the setting is; what is missing is marked at the group that should have it. */
function spanOf(spans: ReadonlyMap<string, Span>, key: string): Span {
  const known = spans.get(key);
  if (known !== undefined || key === '') return known ?? { start: 0, end: 0 };
  return spanOf(spans, key.slice(0, Math.max(0, key.lastIndexOf('.'))));
}
