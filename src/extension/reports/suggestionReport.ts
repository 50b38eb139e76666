import type { TrainingSuggestion } from '../../trainer/protocol';
import type { Translate } from '../ui/l10n';
import { document, escape } from './markdown';

/** The suggested settings with the reasons for them, and where to change them. */
export function suggestionReport(dataset: string, { settings, reasons }: TrainingSuggestion, t: Translate): string {
  return document(
    `# ${t('Suggested training of {0}', escape(dataset))}`,
    reasons.map((reason) => `- ${escape(reason)}`).join('\n'),
    `## ${t('All settings')}`,
    `\`\`\`json\n${JSON.stringify({ training: settings }, null, 2)}\n\`\`\``,
    t(
      'What you write into kindred.json, beside the images, comes before these: "Kindred: Edit Training Configuration".',
    ),
  );
}
