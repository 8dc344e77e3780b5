import { type Said, spoken } from './said';

export const FINDING_CODES = [
  'no_log_configured',
  'missing',
  'unreadable',
  'problem',
  'empty',
  'no_accesses',
  'wrong_format',
  'forgeable_address',
  'host_names',
  'future',
  'behind_proxy',
  'unix_socket',
  'no_response_time',
] as const;

/** A finding's texts, for readers of any language. */
type FindingTexts = { title: Said; detail: Said; remedy: Said };

export type Finding = {
  code: (typeof FINDING_CODES)[number];
  severity: 'error' | 'warning' | 'hint';
  title: string;
  detail: string;
  /** What to do, in a sentence. */
  remedy: string;
  /** Exactly what to put into a file or a shell; `null` when there is nothing to copy. */
  snippet: string | null;
  /** The texts for readers of any language; a collector of the version before this sends none. */
  said?: FindingTexts | undefined;
};

/** Returns a finding with these texts. */
export function findingOf({
  code,
  severity,
  snippet,
  ...said
}: Pick<Finding, 'code' | 'severity' | 'snippet'> & FindingTexts): Finding {
  const { title, detail, remedy } = said;
  const english = { title: title.text, detail: detail.text, remedy: remedy.text };
  return { code, severity, ...english, snippet, said };
}

/** Returns a finding as it is shown, in the current language. */
export function findingInWords({ said, ...finding }: Finding): Omit<Finding, 'said'> {
  if (!said) return finding;
  const { title, detail, remedy } = said;
  return { ...finding, title: spoken(title), detail: spoken(detail), remedy: spoken(remedy) };
}
