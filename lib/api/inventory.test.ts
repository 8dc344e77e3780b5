import { describe, expect, it } from 'vitest';
import { unknownJudgement } from '../domain/judgement';
import { testDevice } from '../domain/test-device';
import { changesCsv, devicesCsv } from './inventory';
import { devicesSchema } from './schemas';
import { deviceResponse } from './wire';

const T0 = Date.UTC(2026, 10, 20, 10);
const response = (...given: Parameters<typeof testDevice>) => {
  const device = testDevice(...given);
  return deviceResponse(device, unknownJudgement(device), false);
};

describe('what the inventory knows of a device', () => {
  it('is in its response, told apart from what is not known', () => {
    const facts = {
      ...{ name: 'nas', version: '1.102.5', container: 'no', services: '', nat: 'hard' },
      routes_offered: '10.1.0.0/16, 10.2.0.0/16',
    };
    const { inventory, created } = response('n1', {
      ...{ created: T0, inventory: { firstSeen: T0, facts } },
    });
    expect(created).toBe('2026-11-20T10:00:00.000Z');
    expect(inventory).toEqual({
      ...{ first_seen: '2026-11-20T10:00:00.000Z', version: '1.102.5', os_version: null },
      ...{ distro: null, distro_version: null, arch: null, container: false, key: null },
      routes_offered: ['10.1.0.0/16', '10.2.0.0/16'],
      ...{ exit_node_offered: null, services: [], home_region: null, nat: 'hard' },
    });
  });

  it('is null before the inventory has looked, and of a kind of NAT that is not known', () => {
    expect(response('n1').inventory).toBeNull();
    const inventory = { firstSeen: T0, facts: { nat: 'symmetric' } };
    expect(response('n1', { inventory }).inventory?.nat).toBeNull();
  });
});

describe('the inventory as CSV', () => {
  it('has a row for each device, that no spreadsheet runs', () => {
    const inventory = { firstSeen: T0, facts: { version: '=1+1', services: 'tcp 22 a, udp 53 b' } };
    const devices = [response('n1', { name: 'nas', tags: ['tag:a', 'tag:b'], inventory })];
    const counts = { total: 1, online: 1, own: 1, shared: 0, external: 0 };
    const answer = devicesSchema.parse({
      ...{ generated_at: new Date(T0).toISOString(), source: 'localapi', stale: false, counts },
      ...{ tailnet: { name: 'x', magic_dns_suffix: 'y' }, exit_node: null, devices },
    });
    const [header = '', row = '', end] = devicesCsv(answer).split('\r\n');
    const fields = Object.fromEntries(
      header.split(',').map((name, i) => [name, row.split(',')[i]]),
    );
    expect(fields).toMatchObject({
      ...{ id: 'n1', hostname: 'nas', user: 'alice@example.com', tags: 'tag:a tag:b' },
      ...{ version: "'=1+1", services: 'tcp 22 a udp 53 b', nat: '', os: 'linux' },
    });
    expect(end).toBe('');
  });

  it('has a row for each change', () => {
    const change = { time: '2026-11-20T10:00:00.000Z', device_id: 'n1', hostname: '@nas' };
    expect(
      changesCsv({
        ...{ from: change.time, to: change.time },
        changes: [{ ...change, field: 'tags', before: '', after: 'tag:a, tag:b' }],
      }),
    ).toBe(
      'time,device_id,hostname,field,before,after\r\n2026-11-20T10:00:00.000Z,n1,\'@nas,tags,,"tag:a, tag:b"\r\n',
    );
  });
});
