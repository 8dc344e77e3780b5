import { callerName, personOf } from '../domain/caller';
import { findingInWords } from '../domain/finding';
import { maskSecrets } from '../domain/mask-secrets';
import { reasonSaid } from '../domain/rejection';
import { say, spoken } from '../domain/said';
import { requireRole } from '../identity/current';
import type { Services } from '../services';
import { noteAction } from './note-action';
import type { LogDoctorQuery } from './query';
import { understood } from './route';
import { type LogDoctorResponse, logDoctorSchema } from './schemas';
import { isoTime } from './wire';

const UNMASKED = '/analytics/log-doctor?unmasked=true';

/**
 * Examines the actual log files and returns what is wrong with them. Secrets in rejected lines are masked, unless an
 * admin asks for the lines as they were logged, which is audited. Throws `Forbidden`.
 */
export async function logDoctor(
  services: Services,
  { unmasked }: LogDoctorQuery,
): Promise<LogDoctorResponse> {
  if (unmasked) {
    const { caller } = requireRole('admin');
    const target = say('auditTexts.rejectedLines');
    await noteAction(services, callerName(caller) ?? 'nobody', 'unmask', target);
    // Replicas know masked lines only.
    if (!services.own) {
      const { remote } = services;
      const name = remote.standIn();
      const onBehalfOf = personOf(caller) ?? 'nobody';
      const request = { method: 'GET' as const, path: UNMASKED, onBehalfOf };
      return understood(logDoctorSchema, await remote.send(name, request), name);
    }
  }
  const rejected = await services.accessLog.rejected();
  return {
    findings: (await services.accessLog.findings()).map(findingInWords),
    rejected: {
      total: rejected.total,
      samples: rejected.samples.map(({ time, line, reason, ...rest }) => ({
        ...rest,
        reason: spoken(reasonSaid(reason)),
        line: unmasked ? line : maskSecrets(line),
        time: isoTime(time),
      })),
    },
  };
}
