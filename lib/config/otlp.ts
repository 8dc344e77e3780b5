import * as z from 'zod';
import { t } from '../i18n/t';
import { SECOND } from '../util/time';
import { empty, httpUrl, list, says, whole } from './fields';

/** Where metrics are pushed by OTLP. */
export type OtlpConfig = {
  /** Without a slash at the end. */
  url: string;
  headers: Record<string, string>;
  intervalMs: number;
};

/** What a header may hold: https://www.rfc-editor.org/rfc/rfc9110#name-fields */
const HEADER = /^([!#$%&'*+.^`|~\w-]{1,100})=([\t\x20-\x7e]{1,4000})$/;

const headers = z.preprocess(
  empty,
  z
    .string()
    .default('')
    .transform((value, context): Record<string, string> => {
      const parts = list(value).map((entry) => HEADER.exec(entry));
      if (parts.some((part) => part === null)) {
        const message = t('settingFaults.headers');
        context.addIssue({ code: 'custom', message });
      }
      return Object.fromEntries(
        parts.flatMap((part) => (part ? [[part[1] ?? '', (part[2] ?? '').trim()]] : [])),
      );
    }),
);

export const otlpFields = {
  OTLP_ENDPOINT: httpUrl,
  OTLP_HEADERS_SECRET: headers,
  OTLP_INTERVAL_SECONDS: z.preprocess(
    (value) => empty(value) ?? '60',
    whole(30, 3_600).refine(
      (n) => n === 30 || (n % 60 === 0 && 3_600 % n === 0),
      says('settingFaults.interval'),
    ),
  ),
};

/** Returns the settings; `null`: nothing is pushed. */
export function otlpConfig(e: {
  OTLP_ENDPOINT?: string | undefined;
  OTLP_HEADERS_SECRET: Record<string, string>;
  OTLP_INTERVAL_SECONDS: number;
}): OtlpConfig | null {
  if (!e.OTLP_ENDPOINT) return null;
  return {
    url: e.OTLP_ENDPOINT.replace(/\/+$/, ''),
    headers: e.OTLP_HEADERS_SECRET,
    intervalMs: e.OTLP_INTERVAL_SECONDS * SECOND,
  };
}
