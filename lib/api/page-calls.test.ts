import { describe, expect, it } from 'vitest';
import { call } from '../calls/call';
import {
  accessLogCall,
  dashboardCalls,
  deviceCalls,
  healthCalls,
  inventoryCalls,
  modelHistoryCall,
  modelsCall,
  networkCheckCall,
  pingCall,
  searchCalls,
  trafficCalls,
} from '../calls/page-calls';
import { type CallName, routes } from './routes';

const device = { id: 'n1', self: false, left: false };

type Asked = { name: CallName; path: string };

/** Returns every call of every page that shows what a collector sees. */
function callsOf(collector: string | undefined): Record<string, (Asked | null)[]> {
  const { compared, ...node } = deviceCalls(device, {
    range: 1,
    compare: ['dev', 'a b'],
    collector,
  });
  return {
    dashboard: Object.values(dashboardCalls({ days: 7, user: 'a@b.c', bots: 'true', collector })),
    health: Object.values(healthCalls({ kind: 'path_changed', node: 'git' }, collector)),
    device: [...Object.values(node), ...compared],
    models: [modelsCall(collector), modelHistoryCall('tides', collector)],
    accesses: [accessLogCall({ days: 7, limit: 100, collector })],
    traffic: Object.values(
      trafficCalls({
        ...{ days: 7, by: 'user', collector, today: '2026-11-27T00:00:00.000Z' },
        ...{ month: '2026-11-01T00:00:00.000Z', lastMonth: '2026-10-01T00:00:00.000Z' },
      }),
    ),
    inventory: Object.values(inventoryCalls(collector)),
    search: Object.values(searchCalls(collector)),
    actions: [networkCheckCall(collector), pingCall('n1', collector)],
  };
}
const queryOf = ({ path }: { path: string }) => new URL(path, 'http://x').searchParams;

describe.each(Object.keys(callsOf(undefined)))('the calls of a page: %s', (page) => {
  const calls = (collector: string | undefined) =>
    (callsOf(collector)[page] ?? []).filter((one) => one !== null);

  it('all ask for the view of the chosen collector', () => {
    for (const one of calls('attic')) expect(queryOf(one).get('collector'), one.path).toBe('attic');
  });

  it('ask for no collector when none is chosen', () => {
    for (const one of calls(undefined)) expect(queryOf(one).has('collector'), one.path).toBe(false);
  });

  it('are taken by the routes they name, parameter for parameter', () => {
    for (const one of calls('attic')) {
      const given = Object.fromEntries(queryOf(one));
      const { error } = routes[one.name].query.safeParse(given);
      expect(error, one.path).toBeUndefined();
    }
  });
});

describe('a call', () => {
  it('has its path’s parameters in the path, encoded, and the others in the query', () => {
    const { path } = call('/health-monitoring/latency-history/{hostname}', {
      ...{ hostname: 'a/b?c', hours: 24, collector: 'attic' },
    });
    expect(path).toBe('/health-monitoring/latency-history/a%2Fb%3Fc?hours=24&collector=attic');
  });

  it('has no query when it takes nothing', () => {
    expect(call('/models', { collector: undefined }).path).toBe('/models');
  });
});

describe('the calls of a device’s page', () => {
  const view = { range: 24, compare: [], collector: undefined };

  it('leave out latency for our own device, which is not pinged', () => {
    const own = deviceCalls({ ...device, self: true }, view);
    expect([own.history, own.forecast, own.uptime]).toEqual([null, null, null]);
  });

  it('leave out what is expected of a device that has left, and keep what is known of it', () => {
    const former = deviceCalls({ ...device, left: true }, view);
    expect(former.forecast).toBeNull();
    expect(former.history?.path).toBe('/health-monitoring/latency-history/n1?hours=24');
    expect(former.uptime?.path).toBe('/health-monitoring/uptime/n1?hours=24');
  });

  it('ask for a range from one time to another, of each the same', () => {
    const range = { from: Date.UTC(2026, 10, 1, 8), to: Date.UTC(2026, 10, 1, 9) };
    const calls = Object.values(deviceCalls(device, { ...view, range })).flat();
    const periods = calls.flatMap((one) => (one?.path.includes('from=') ? queryOf(one) : []));
    expect(periods).toHaveLength(6);
    for (const period of periods) {
      expect(period.get('from')).toBe('2026-11-01T08:00:00.000Z');
      expect(period.get('to')).toBe('2026-11-01T09:00:00.000Z');
      expect(period.has('hours')).toBe(false);
    }
  });

  it('ask for hits one by one for a single hour only', () => {
    expect(deviceCalls(device, view).hits).toBeNull();
    expect(deviceCalls(device, { ...view, range: 1 }).hits?.path).toContain('limit=500');
  });
});
