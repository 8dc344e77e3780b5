import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { onWindows } from '../../e2e/fakes/systems';
import { fakeTailscaled } from '../../e2e/fakes/tailscaled';
import { cli } from './cli';
import { localApi } from './local-api';
import { sidecar } from './sidecar';
import type { Tailscale } from './tailscale';
import { fakeCommand, fakeSidecar, fixture } from './test-doubles';

beforeEach(({ skip }) => skip(onWindows, 'the fake command is a shell script'));

const now = () => Date.UTC(2026, 10, 24);

/** Opens all three real transports to one tailnet: the captured one. */
async function transports(status: string): Promise<Tailscale[]> {
  const tailscaled = await fakeTailscaled({ status });
  tailscaled.setWhois('100.64.0.2', 'whois-git.json');
  const proxy = await fakeSidecar({
    '/status': { body: fixture(status) },
    '/whois/100.64.0.2': { body: fixture('whois-git.json') },
    '/netcheck': { body: fixture('netcheck.json') },
    '/ping/100.64.0.1': { body: fixture('ping-self.txt') },
    '/ping/100.64.0.2': { body: 'pong from git (100.64.0.2) via 203.0.113.3:41641 in 12ms\n' },
  });
  const script = fakeCommand(`case "$*" in
    "status --json") cat "$F/${status}" ;;
    "whois --json 100.64.0.2") cat "$F/whois-git.json" ;;
    "whois "*) echo "peer not found" >&2; exit 1 ;;
    "ping "*100.64.0.1) cat "$F/ping-self.txt" ;;
    "ping "*100.64.0.2) echo "pong from git (100.64.0.2) via 203.0.113.3:41641 in 12ms" ;;
    *"netcheck --format=json") cat "$F/netcheck.json" ;;
    "debug derp-map") cat "$F/derpmap.json" ;;
    esac`);
  tailscaled.setPing('100.64.0.2', {
    Err: '',
    LatencySeconds: 0.012,
    Endpoint: '203.0.113.3:41641',
  });
  onTestFinished(() =>
    Promise.all([tailscaled.close(), proxy.close(), script.close()]).then(() => {}),
  );
  return [
    localApi({ socketPath: tailscaled.socketPath, cli: script.command, now }),
    sidecar({ url: proxy.url, now }),
    cli({ command: script.command, now }),
  ];
}

/** Returns what each of them answers to the same call. */
async function answers<T>(all: Tailscale[], call: (tailscale: Tailscale) => Promise<T>) {
  return Promise.all(all.map(call));
}

describe('LocalAPI, sidecar and command give the same value for the same network', () => {
  it.each(['status-direct.json', 'status-relay.json', 'status-constructed.json'])(
    'of %s',
    async (status) => {
      const all = await answers(await transports(status), (one) => one.status());
      // Only beside its socket is known which run of tailscaled it is.
      const [first, ...others] = all.map(({ run: _, ...answer }) => answer);
      expect(first?.devices.length).toBeGreaterThan(3);
      for (const other of others) expect(other).toEqual(first);
    },
  );

  it('of whois, known and unknown', async () => {
    const all = await transports('status-direct.json');
    const [first, ...others] = await answers(all, (one) => one.whois('100.64.0.2'));
    expect(first).toMatchObject({ nodeId: '2', device: 'git' });
    for (const other of others) expect(other).toEqual(first);
    expect(await answers(all, (one) => one.whois('100.64.9.9'))).toEqual([null, null, null]);
  });

  it('of pings, answered and refused', async () => {
    const all = await transports('status-direct.json');
    for (const address of ['100.64.0.2', '100.64.0.1']) {
      const [first, ...others] = await answers(all, (one) => one.ping(address, { count: 1 }));
      expect(first).toHaveLength(1);
      for (const other of others) expect(other).toEqual(first);
    }
  });

  it('of netcheck', async () => {
    const [first, ...others] = await answers(await transports('status-direct.json'), (one) =>
      one.netcheck(),
    );
    expect(first?.udp).toBe(true);
    for (const other of others) expect(other).toEqual(first);
  });

  it('and whois names a device as status does', async () => {
    const [api] = await transports('status-constructed.json');
    const devices = (await api?.status())?.devices ?? [];
    for (const device of devices) {
      const whois = await api?.whois(device.addresses[0] ?? '');
      expect(whois).toMatchObject({ nodeId: device.id, device: device.name });
    }
  });
});
