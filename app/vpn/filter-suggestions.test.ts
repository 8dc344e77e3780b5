import { expect, test } from 'vitest';
import { usageSchema } from '../../lib/api/schemas';
import { filterSuggestions } from './filter-suggestions';

const numbers = { hits: 1, users: 1, people: 1, devices: 1, errors: 0, p50_ms: null, p95_ms: null };
const usage = usageSchema.parse({
  ...{ from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z', total_accesses: 4, bytes: 0 },
  ...{ unique_users: 1, unique_devices: 3, connected_devices: null, p50_ms: null, p95_ms: null },
  ...{
    previous: { total_accesses: 0, unique_users: 0, people: 0, servers: 0, unnamed_addresses: 0 },
    ...{ people: 1, servers: 0, unnamed_addresses: 0, response_time_error: 0.02 },
    step_seconds: 3600,
    time_zone: 'UTC',
    series: [],
    recent: [],
  },
  left_out: { bots: 0, loopback: 0, non_tailnet: 0 },
  by_status: { 200: 3, 502: 1, none: 1 },
  by_user: [{ ...numbers, user: 'al@x', name: 'Al' }],
  by_device: [
    { ...numbers, device: 'iphone', id: 'n1', user: 'al@x' },
    { ...numbers, device: 'iphone', id: 'n2', user: 'bo@x' },
    { ...numbers, device: 'nas', id: 'n3', user: 'al@x' },
  ],
  by_host: ['git.x', null, 'www.x'].map((host) => ({
    ...{ ...numbers, host, bytes: 0, series: [] },
    last_access: '2026-11-01T00:00:00Z',
  })),
  top_endpoints: [
    { ...numbers, endpoint: '/a/1', host: 'git.x' },
    { ...numbers, endpoint: '/a/2', host: 'git.x' },
    { ...numbers, endpoint: '/b/1', host: 'git.x' },
    { ...numbers, endpoint: '/b/1', host: 'www.x' },
  ],
});

test('suggests what occurs, each once; devices of one name by their ids, and shared beginnings of paths', () => {
  const suggestions = filterSuggestions(usage);
  expect(suggestions.map(({ typed }) => typed)).toEqual([
    ...['host:git.x', 'host:www.x', 'user:al@x', 'device:n1', 'device:n2', 'device:nas'],
    ...['status:5xx', 'status:502', 'status:2xx', 'status:200'],
    ...['endpoint:/a/*', 'endpoint:/b/*', 'endpoint:/a/1', 'endpoint:/a/2', 'endpoint:/b/1'],
  ]);
  expect(suggestions[2]?.label).toBe('user:al@x (Al)');
  expect(suggestions[3]?.label).toBe('device:iphone of al@x (n1)');
});

test('does not suggest the only host', () => {
  const one = { ...usage, by_host: usage.by_host.slice(0, 2) };
  expect(filterSuggestions(one).some(({ typed }) => typed.startsWith('host:'))).toBe(false);
});
