import * as z from 'zod';
import { spoken } from '../domain/said';
import type { Services } from '../services';
import { cursorParameter, wholeParameter } from './query';
import { isoTime } from './wire';

export const auditQuery = z.strictObject({
  limit: wholeParameter(1, 1_000).default(100).describe('the most entries in one answer'),
  cursor: cursorParameter(20),
});
export type AuditQuery = z.infer<typeof auditQuery>;

export const auditSchema = z.object({
  entries: z
    .array(
      z.object({
        id: z.number().int(),
        time: z.iso.datetime(),
        actor: z.string().describe('a login, a device, `token:name`, or `operator`'),
        action: z.string(),
        target: z.string(),
        request_id: z.string().describe('finds the lines of the log'),
      }),
    )
    .describe('newest first'),
  next_cursor: z.string().nullable(),
});
export type AuditResponse = z.infer<typeof auditSchema>;

/** Returns who changed what, newest first. Throws `InvalidInput`. */
export async function audit(
  services: Services,
  { limit, cursor }: AuditQuery,
): Promise<AuditResponse> {
  const { entries, nextCursor } = await services.audit.audit(limit, cursor ?? null);
  return {
    entries: entries.map(({ id, time, actor, action, target, said, requestId }) => ({
      ...{ id, time: isoTime(time), actor, action, target: said ? spoken(said) : target },
      request_id: requestId,
    })),
    next_cursor: nextCursor,
  };
}
