import { t } from '../i18n/t';

/** What a template of a message may name. */
const TEMPLATE_NAMES = [
  'title',
  'severity',
  'device',
  'since',
  'duration',
  'evidence',
  'rule',
] as const;
type TemplateName = (typeof TEMPLATE_NAMES)[number];
type TemplateValues = Record<TemplateName, string>;

/** How the message about a single alert is worded; `null`: as always. A line break is written as `\n`. */
export type MessageTemplates = { title: string | null; body: string | null };

const PLACEHOLDER = /\{([^{}]*)\}/g;
const isName = (name: string): name is TemplateName =>
  TEMPLATE_NAMES.some((known) => known === name);

/** Returns what is wrong with a template; `null` when nothing is. */
export function templateFault(template: string): string | null {
  const known = TEMPLATE_NAMES.map((name) => `{${name}}`).join(', ');
  for (const [placeholder, name = ''] of template.matchAll(PLACEHOLDER)) {
    if (!isName(name)) return t('settingFaults.noPlaceholder', { placeholder, known });
  }
  return /[{}]/.test(template.replace(PLACEHOLDER, ''))
    ? t('settingFaults.brace', { known })
    : null;
}

/** Returns the lines of a filled-in template, without those of which only empty values are left. */
export function filledLines(template: string, values: TemplateValues): string[] {
  return template.split('\\n').flatMap((line) => {
    const filled = line.replace(PLACEHOLDER, (whole, name: string) =>
      isName(name) ? values[name] : whole,
    );
    return filled.trim() === '' && line.trim() !== '' ? [] : filled.split('\n');
  });
}
