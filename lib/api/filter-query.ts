import * as z from 'zod';
import type { AccessFilter, EndpointTerm, StatusFilter } from '../domain/access';
import type { Choice } from '../domain/choice';
import { t } from '../i18n/t';

/**
 * The parameters that filter hits. Each may be given several times: a hit matches any of the values, and none of those
 * that begin with `!`. There is no separator, since paths may hold any.
 */

/** The most values of a parameter. */
const MOST = 50;

const words = (max: number) => {
  const error = () => t('faults.length', { max });
  return z.string().min(1, { error }).max(max, { error });
};

const statusTerm = z
  .string()
  .regex(/^[1-5](\d\d|xx)$/, { error: () => t('faults.status') })
  .transform(
    (text): StatusFilter =>
      text.endsWith('xx') ? { class: Number(text[0]) } : { code: Number(text) },
  );

/** `/git/*` is what begins with `/git/`; `*` alone is the endpoint of `OPTIONS *`. */
const endpointTerm = words(256).transform(
  (text): EndpointTerm =>
    text.length > 1 && text.endsWith('*') ? { prefix: text.slice(0, -1) } : text,
);

const hostTerm = words(253).transform((text) => text.toLowerCase());

/** Returns a parameter of one or more values; a single one without `!` is just that. */
function choiceOf<Term>(term: z.ZodType<Term, string>) {
  return z.union([z.string(), z.array(z.string())]).transform((given, context) => {
    const is: Term[] = [];
    const not: Term[] = [];
    const values = typeof given === 'string' ? [given] : given;
    const fault = (message: string) => context.addIssue({ code: 'custom', message });
    if (values.length > MOST) fault(t('faults.most', { most: MOST }));
    for (const value of values) {
      const parsed = term.safeParse(value.replace(/^!/, ''));
      if (!parsed.success) fault(parsed.error.issues[0]?.message ?? t('faults.notValid'));
      else (value.startsWith('!') ? not : is).push(parsed.data);
    }
    const [only] = is;
    const choice: Term | Choice<Term> =
      only !== undefined && is.length === 1 && not.length === 0 ? only : { is, not };
    return choice;
  });
}

const several = '; may be given several times, and with `!` in front means all others';

export const filters = {
  user: choiceOf(words(320)).optional().describe(`login name, exactly${several}`),
  device: choiceOf(words(255)).optional().describe(`machine name or id, exactly${several}`),
  endpoint: choiceOf(endpointTerm)
    .optional()
    .describe(`normalised path, exactly, or with \`*\` at its end what it begins with${several}`),
  host: choiceOf(hostTerm)
    .optional()
    .describe(`host name, exactly; \`(none)\` where the log names none${several}`),
  status: choiceOf(statusTerm)
    .optional()
    .describe(`a code (\`404\`) or a class (\`4xx\`)${several}`),
  q: words(256)
    .optional()
    .describe('part of the endpoint, the host, the device or the user, in any case'),
};

const pathTerm = z.string().regex(/^(direct|peer_relay|relay(:[\w.-]{1,30})?|unknown)$/, {
  error: () => t('faults.path'),
});

/** The parameters that filter traffic. */
export const trafficFilters = {
  device: filters.device,
  user: filters.user,
  path: choiceOf(pathTerm)
    .optional()
    .describe(`how it travelled: direct, peer_relay, relay, relay:fra, unknown${several}`),
};

const repeatable: ReadonlySet<unknown> = new Set(
  Object.entries({ ...filters, ...trafficFilters }).flatMap(([name, filter]) =>
    name === 'q' ? [] : [filter],
  ),
);

/** Returns whether a parameter of a call may be given several times. */
export const isRepeatable = (call: z.ZodType, parameter: string): boolean =>
  call instanceof z.ZodObject && repeatable.has(call.shape[parameter]);

/** Returns the filter of a query. */
export function filterOf(
  query: Omit<AccessFilter, 'text' | 'nonTailnet' | 'collector'> & { q?: string },
  nonTailnet: boolean,
): AccessFilter {
  const { user, device, endpoint, host, status, q, bots } = query;
  return { user, device, endpoint, host, status, text: q, bots, nonTailnet };
}
