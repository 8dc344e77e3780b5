import { inEnglish } from '../i18n/t';
import type { Alert, AlertSaid, Evidence } from './alert';
import { isSaid, isSaidValue, spoken, written } from './said';

/** Returns an alert's texts as it keeps them: in English, and for readers of any language. */
export const keptTexts = ({
  title,
  evidence,
}: AlertSaid): Pick<Alert, 'title' | 'evidence' | 'said'> => ({
  title: title.text,
  evidence: englishEvidence(evidence),
  said: { title, evidence },
});

/** Returns evidence in English. */
export const englishEvidence = (evidence: AlertSaid['evidence']): Evidence =>
  inEnglish(() =>
    evidence.map(({ label, value }) => ({ label: label.text, value: written(value) })),
  );

/** Returns an alert's title in the current language. */
export const alertTitle = ({ title, said }: Pick<Alert, 'title' | 'said'>): string =>
  said ? spoken(said.title) : title;

/** Returns an alert's evidence in the current language. */
export const alertEvidence = ({ evidence, said }: Pick<Alert, 'evidence' | 'said'>): Evidence =>
  said
    ? said.evidence.map(({ label, value }) => ({ label: spoken(label), value: written(value) }))
    : evidence;

/** Returns whether a value from elsewhere is an alert's texts. */
export function isAlertSaid(value: unknown): value is AlertSaid {
  if (!(value instanceof Object) || !('title' in value) || !('evidence' in value)) return false;
  const { title, evidence } = value;
  return isSaid(title) && Array.isArray(evidence) && evidence.every(isSaidLine);
}

const isSaidLine = (line: unknown) =>
  line instanceof Object &&
  'label' in line &&
  'value' in line &&
  isSaid(line.label) &&
  isSaidValue(line.value);
