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

export type Finding = {
  code: (typeof FINDING_CODES)[number];
  severity: 'error' | 'warning' | 'hint';
  title: string;
  detail: string;
  /** What to do, in a sentence. */
  remedy: string;
  /** Exactly what to put into a file or a shell; `null` when there is nothing to copy. */
  snippet: string | null;
};
