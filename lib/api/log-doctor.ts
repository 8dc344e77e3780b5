import { maskSecrets } from '../domain/mask-secrets';
import type { Services } from '../services';
import type { LogDoctorResponse } from './schemas';
import { isoTime } from './wire';

/** Examines the actual log files and returns what is wrong with them. */
export async function logDoctor(services: Services): Promise<LogDoctorResponse> {
  const rejected = await services.accessLog.rejected();
  return {
    findings: await services.accessLog.findings(),
    rejected: {
      total: rejected.total,
      samples: rejected.samples.map(({ time, line, ...rest }) => ({
        ...rest,
        line: maskSecrets(line),
        time: isoTime(time),
      })),
    },
  };
}
