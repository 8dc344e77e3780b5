import type { DeviceResponse } from '../../lib/api/schemas';

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
    ...over,
  };
}
