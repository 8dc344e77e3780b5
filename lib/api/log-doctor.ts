import type { Runtime } from '../runtime/runtime';
import type { LogDoctorWire } from './schemas';
import { isoTime } from './wire';

/** Looks at the actual log files and says what is wrong with them. */
export async function logDoctor(runtime: Runtime): Promise<LogDoctorWire> {
  const rejected = await runtime.store.rejectedLines.rejected();
  return {
    findings: await runtime.doctor.findings(),
    rejected: {
      total: rejected.total,
      samples: rejected.samples.map(({ time, ...rest }) => ({ ...rest, time: isoTime(time) })),
    },
  };
}
