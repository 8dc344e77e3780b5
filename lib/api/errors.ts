import {
  type AppError,
  type Candidate,
  type ErrorCode,
  type InputFault,
  isAppError,
} from '../domain/errors';
import { spoken, verbatim } from '../domain/said';
import { t } from '../i18n/t';
import { logger } from '../log/log';
import type { ProblemResponse } from './schemas';

const log = logger('api');

const INTERNAL = { status: 500, title: 'Internal error' };
const ANSWERS: Record<ErrorCode, { status: number; title: string }> = {
  invalid: { status: 400, title: 'Bad request' },
  unauthenticated: { status: 401, title: 'Unauthorized' },
  forbidden: { status: 403, title: 'Forbidden' },
  not_found: { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'Conflict' },
  too_many: { status: 429, title: 'Too many requests' },
  tailscale_unavailable: { status: 503, title: 'Tailscale unavailable' },
  store_unavailable: { status: 503, title: 'Store unavailable' },
  collector_unavailable: { status: 503, title: 'Collector unavailable' },
  config: INTERNAL,
  internal: INTERNAL,
};

/**
 * Returns the RFC 9457 problem for an error; no other place does. Only user-facing messages are sent to clients:
 * anything else goes to the log.
 */
export function problemResponse(error: unknown): Response {
  const headers = new Headers({
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
  });
  const expected = isAppError(error) && ANSWERS[error.code] !== INTERNAL ? error : null;
  if (expected && expected.retryAfterSeconds !== null) {
    headers.set('Retry-After', String(expected.retryAfterSeconds));
  }
  const problem = expected ? problemOf(expected) : internalProblem(error);
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}

function problemOf(error: AppError): ProblemResponse {
  const { code, words, faults } = error;
  const about = { type: 'about:blank', ...ANSWERS[code], detail: words };
  const problem = { ...about, ...candidatesOf(error) };
  return faults.length > 0 ? { ...problem, errors: faults.map(faultOf) } : problem;
}

const faultOf = ({ parameter, message }: InputFault) => ({
  parameter,
  message: spoken(verbatim(message)),
});

/**
 * Returns the candidates of an ambiguous name; found by field, since class names do not survive Next's module
 * instances.
 */
function candidatesOf(error: AppError): Pick<ProblemResponse, 'candidates'> {
  if (!('candidates' in error) || !Array.isArray(error.candidates)) return {};
  return {
    candidates: error.candidates.map(({ id, name, dnsName }: Candidate) => ({
      ...{ id, hostname: name, dns_name: dnsName },
    })),
  };
}

function internalProblem(error: unknown): ProblemResponse {
  log.error('a request failed', { error });
  const detail = t('problems.internal');
  return { type: 'about:blank', ...INTERNAL, detail };
}
