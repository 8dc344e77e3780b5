import * as z from 'zod';
import { spoken } from '../domain/said';
import { t } from '../i18n/t';
import { currentCaller } from '../identity/current';
import type { Services } from '../services';
import { accessLogs, dashboardUsage } from './analytics';
import { criticalIds } from './judged-now';
import { accessLogsQuery, usageQuery } from './query';
import { accessLogsSchema, deviceSchema, usageSchema } from './schemas';
import { deviceResponse } from './wire';

export const meSchema = z.object({
  kind: z.enum(['operator', 'node', 'token', 'replica', 'anonymous']),
  role: z.enum(['viewer', 'admin']).nullable(),
  login: z.string().nullable(),
  name: z.string().nullable().describe('of the person, or of the token'),
  device: z.string().nullable().describe('the one this request came from'),
  address: z.string().nullable(),
  tags: z.array(z.string()),
  proven_by: z.string().describe('how we know'),
  devices: z.array(deviceSchema).describe('of the same person'),
  usage: usageSchema.nullable().describe('their accesses of the last 7 days'),
  recent: accessLogsSchema.nullable().describe('their last accesses'),
});
export type MeResponse = z.infer<typeof meSchema>;

/** Returns what the dashboard shows of the caller: who they are, their devices, and their accesses. */
export async function me(services: Services): Promise<MeResponse> {
  const { caller, role } = currentCaller();
  const nobody = {
    ...{ kind: caller.kind, role, login: null, name: null, device: null, address: null },
    ...{ tags: [], devices: [], usage: null, recent: null },
  };
  switch (caller.kind) {
    case 'operator':
      return { ...nobody, proven_by: t('proofs.operator') };
    case 'token':
      return {
        ...nobody,
        name: caller.name,
        proven_by: t('proofs.token', { scope: caller.scope }),
      };
    case 'replica':
      return { ...nobody, name: caller.name, proven_by: t('proofs.replica') };
    case 'anonymous':
      return { ...nobody, address: caller.address, proven_by: spoken(caller.reason) };
    case 'node': {
      const { node, address, via } = caller;
      const tagged = node.tags.length > 0;
      const whose = tagged ? { device: node.device } : { user: node.login };
      const known = services.tailnet.view().status?.devices ?? [];
      const critical = criticalIds(services, known);
      const devices = known.filter((device) =>
        tagged
          ? device.id === node.nodeId
          : device.tags.length === 0 && device.user?.login === node.login,
      );
      return {
        ...nobody,
        login: tagged ? null : node.login,
        name: tagged ? null : node.name,
        device: node.device,
        address,
        tags: [...node.tags],
        proven_by: t(`proofs.${via}`),
        devices: devices.map((device) =>
          deviceResponse(device, services.connections.judge(device), critical.has(device.id)),
        ),
        usage: await dashboardUsage(services, { ...usageQuery.parse({ days: 7 }), ...whose }),
        recent: await accessLogs(services, {
          ...accessLogsQuery.parse({ hours: 168, limit: 20 }),
          ...whose,
        }),
      };
    }
  }
}
