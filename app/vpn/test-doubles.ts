import type { DeviceResponse } from '../../lib/api/schemas';
import type { HealthResponse } from '../../lib/api/service-schemas';

/** Returns an own device that is online and direct, except for what is given. */
export function device(hostname: string, over: Partial<DeviceResponse> = {}): DeviceResponse {
  return {
    id: hostname,
    hostname,
    os_hostname: hostname,
    dns_name: `${hostname}.tail1.ts.net`,
    addresses: ['100.64.0.1'],
    user: { id: '1', login: 'ana@example.com', name: 'Ana' },
    tags: [],
    os: 'linux',
    classification: 'own',
    self: false,
    critical: false,
    online: true,
    state: 'online',
    seen_by_control: true,
    last_seen: null,
    path: 'direct',
    relay_region: null,
    endpoint: null,
    rx_bytes: 0,
    tx_bytes: 0,
    key_expiry: null,
    expired: false,
    exit_node: false,
    exit_node_in_use: false,
    subnet_routes: [],
    created: null,
    inventory: null,
    ...over,
  };
}

/** The state of a service that lacks nothing. */
export const healthy: HealthResponse = {
  status: 'ok',
  version: '0',
  problems: [],
  alerts: { firing: 0, loudest: [] },
  tailscale: {
    source: 'localapi',
    location: null,
    reachable: true,
    last_answer: null,
    error: null,
    health: [],
    own_device: { state: 'ok', reason: '', remedy: '', since: null },
  },
  access_log: {
    pattern: '/var/log/nginx/access.log',
    files: [],
    hits: 0,
    rejected: 0,
    backlog_bytes: 0,
    last_hit: null,
    error: null,
  },
  store: { kind: 'sqlite', writable: true, size_bytes: 0, error: null, influxdb: null },
  collectors: [],
  jobs: [],
};
