import { describe, expect, it, onTestFinished } from 'vitest';
import { fakeTailscaled } from '../../e2e/fakes/tailscaled';
import { cli } from './cli';
import { localApi } from './local-api';
import { sidecar } from './sidecar';
import { expectFailure, fakeCommand, fakeSidecar, fixture } from './test-doubles';
import { countedFromBody } from './user-metrics-wire';

const COUNTED = {
  direct: { rxBytes: 332, txBytes: 288 },
  relay: { rxBytes: 0, txBytes: 148 },
  peer_relay: { rxBytes: 0, txBytes: 0 },
};

describe('what tailscaled has counted by path', () => {
  it('is read from a captured answer', () => {
    expect(countedFromBody(fixture('usermetrics.txt'))).toEqual(COUNTED);
  });

  it('is added up of IPv4 and IPv6', () => {
    const sample = (path: string, bytes: number) =>
      `tailscaled_outbound_bytes_total{path="${path}"} ${bytes}`;
    const body = [sample('direct_ipv4', 5), sample('direct_ipv6', 6), sample('peer_relay_ipv6', 7)];
    expect(countedFromBody(body.join('\n'))).toEqual({
      direct: { rxBytes: 0, txBytes: 11 },
      peer_relay: { rxBytes: 0, txBytes: 7 },
    });
  });

  it('is not known where the answer does not have it', () => {
    expect(countedFromBody('')).toBeNull();
    expect(countedFromBody('tailscaled_home_derp_region_id 4\n')).toBeNull();
  });

  it('keeps paths that are not known yet', () => {
    const body = 'tailscaled_inbound_bytes_total{path="carrier_pigeon"} 2.5e+03\n';
    expect(countedFromBody(body)).toEqual({ unknown: { rxBytes: 2_500, txBytes: 0 } });
  });

  it('is the same by LocalAPI, sidecar and command', async () => {
    const body = fixture('usermetrics.txt');
    const tailscaled = await fakeTailscaled();
    tailscaled.setFault('usermetrics', { kind: 'answer', status: 200, body });
    const proxy = await fakeSidecar({ '/metrics': { body } });
    const script = fakeCommand('[ "$*" = "metrics print" ] && cat "$F/usermetrics.txt"');
    onTestFinished(() =>
      Promise.all([tailscaled.close(), proxy.close(), script.close()]).then(() => {}),
    );
    const { socketPath } = tailscaled;
    for (const one of [
      localApi({ socketPath }),
      sidecar({ url: proxy.url }),
      cli({ command: script.command }),
    ]) {
      expect(await one.countedByPath()).toEqual(COUNTED);
    }
  });

  it('is not known with an older tailscaled, sidecar or command', async () => {
    const tailscaled = await fakeTailscaled();
    const proxy = await fakeSidecar({});
    const script = fakeCommand('echo "tailscale: unknown subcommand: metrics" >&2; exit 1');
    onTestFinished(() =>
      Promise.all([tailscaled.close(), proxy.close(), script.close()]).then(() => {}),
    );
    expect(await localApi({ socketPath: tailscaled.socketPath }).countedByPath()).toBeNull();
    expect(await sidecar({ url: proxy.url }).countedByPath()).toBeNull();
    expect(await cli({ command: script.command }).countedByPath()).toBeNull();
  });

  it('fails in words where tailscaled cannot be asked', async () => {
    const script = fakeCommand('echo "failed to connect to local tailscaled" >&2; exit 1');
    onTestFinished(script.close);
    await expectFailure(cli({ command: script.command }).countedByPath(), 'unreachable');
  });
});

describe('the run of tailscaled', () => {
  it('is the same at each look, and another after a restart', async () => {
    const tailscaled = await fakeTailscaled();
    onTestFinished(tailscaled.close);
    const api = localApi({ socketPath: tailscaled.socketPath });
    const first = (await api.status()).run;
    expect(first).toBeTruthy();
    expect((await api.status()).run).toBe(first);
    await tailscaled.stop();
    await new Promise((wake) => setTimeout(wake, 20));
    await tailscaled.start();
    const second = (await api.status()).run;
    expect(second).toBeTruthy();
    expect(second).not.toBe(first);
  });
});
