import { describe, expect, it, onTestFinished } from 'vitest';
import { fakeTailscaled } from '../../e2e/fakes/tailscaled';
import type { MapFacts } from '../domain/inventory';
import { cli } from './cli';
import { localApi } from './local-api';
import { MapReader } from './map-wire';
import { sidecar } from './sidecar';
import { expectFailure, fakeCommand, fakeSidecar, fixture } from './test-doubles';

const LINES = fixture('watch-ipn-bus.jsonl').trimEnd().split('\n');
const GIT = 'TESTCTRL00000002';

const nodeOf = (id: number, more: object = {}) => ({
  ...{ ID: id, StableID: `n${id}`, Key: `nodekey:${String(id).padStart(64, '0')}` },
  ...more,
});
const notify = (fields: object) => JSON.stringify({ Version: '1.102.5', ...fields });
const mapOf = (...peers: unknown[]) => notify({ NetMap: { SelfNode: nodeOf(1), Peers: peers } });

async function factsAfter(...lines: string[]) {
  const reader = new MapReader();
  for (const line of lines) await reader.take(line);
  return reader.facts();
}

describe('the network map', () => {
  it('is read from what a real tailscaled sent', async () => {
    const facts = await factsAfter(LINES[0] ?? '');
    expect([...facts.keys()]).toHaveLength(3);
    expect(facts.get(GIT)).toEqual({
      key: expect.stringMatching(/^[0-9a-f]{12}$/),
      ...{ version: '1.90.1', os_version: '6.18.44-fc-v669', arch: 'x86_64', container: 'yes' },
      ...{ distro: 'debian', distro_version: '12.11' },
      ...{ routes_offered: '', exit_node_offered: 'no', services: '' },
    });
  });

  it('is followed through what that tailscaled sent next: another version, and routes', async () => {
    const reader = new MapReader();
    const seen: (string | undefined)[] = [];
    for (const line of LINES) {
      if ((await reader.take(line)) !== 'changed') continue;
      const git = reader.facts().get(GIT);
      seen.push(`${git?.version} ${git?.routes_offered} ${git?.exit_node_offered}`);
    }
    expect(seen).toEqual([
      ...['1.90.1  no', '1.88.0  no', '1.88.0 10.9.0.0/24 yes'],
      '1.102.5 10.9.0.0/24 yes',
    ]);
  });

  it('follows devices that change and leave', async () => {
    const changed = { PeersChanged: [nodeOf(3, { Hostinfo: { IPNVersion: '1.96.0' } })] };
    const facts = await factsAfter(
      mapOf(nodeOf(2), nodeOf(3)),
      notify(changed),
      notify({ PeersRemoved: [2] }),
    );
    expect([...facts.keys()]).toEqual(['n1', 'n3']);
    expect(facts.get('n3')?.version).toBe('1.96.0');
  });

  it('keeps ids above 2^53 apart', async () => {
    const long = (digits: string) => `{"ID":${digits},"StableID":"n${digits}","Key":"nodekey:1"}`;
    const [a, b] = ['9007199254740993', '9007199254740992'];
    const map = `{"NetMap":{"SelfNode":null,"Peers":[${long(a ?? '')},${long(b ?? '')}]}}`;
    const facts = await factsAfter(map, `{"PeersRemoved":[${a}]}`);
    expect([...facts.keys()]).toEqual([`n${b}`]);
  });

  it('is to be read anew when there is none yet, another login, or an older tailscaled', async () => {
    expect(await new MapReader().take(notify({ NetMap: null }))).toBe('anew');
    for (const later of [{ LoginFinished: {} }, { SelfChange: nodeOf(1) }, { NetMap: {} }]) {
      const reader = new MapReader();
      expect(await reader.take(mapOf(nodeOf(2)))).toBe('changed');
      expect(await reader.take(notify(later))).toBe('anew');
    }
  });

  it('says the same after what is not of interest', async () => {
    const reader = new MapReader();
    await reader.take(mapOf(nodeOf(2)));
    const patch = { PeerChangedPatch: [{ NodeID: 2, Online: true, Endpoints: ['1.2.3.4:5'] }] };
    expect(await reader.take(notify(patch))).toBe('same');
    expect(await reader.take(notify({ Engine: { RBytes: 1 } }))).toBe('same');
  });

  it('knows nothing of what the coordination server withholds', async () => {
    const facts = await factsAfter(
      mapOf(nodeOf(2), nodeOf(3, { Hostinfo: { OS: 'linux', Services: [] } })),
    );
    expect(facts.get('n2')).toEqual({ key: '000000000000' });
    expect(facts.get('n3')).toEqual({ key: '000000000000' });
  });

  it('tells kinds of NAT, services and an exit node', async () => {
    const host = {
      ...{ IPNVersion: '1.102.5-t0a1b2c3d4-g5e6f7a8b9', Container: false },
      RoutableIPs: ['::/0', '0.0.0.0/0', '10.2.0.0/16', '10.1.0.0/16'],
      Services: [
        { Proto: 'udp', Port: 53 },
        { Proto: 'tcp', Port: 22, Description: 'sshd, of course' },
        { Proto: 'peerapi4', Port: 1 },
      ],
      NetInfo: { MappingVariesByDestIP: true, WorkingUDP: true },
    };
    const blocked = { IPNVersion: '1.90.0', NetInfo: { WorkingUDP: false } };
    const facts = await factsAfter(
      mapOf(nodeOf(2, { Hostinfo: host }), nodeOf(3, { Hostinfo: blocked })),
    );
    expect(facts.get('n2')).toMatchObject({
      ...{ version: '1.102.5', container: 'no', nat: 'hard', exit_node_offered: 'yes' },
      ...{ routes_offered: '10.1.0.0/16, 10.2.0.0/16', services: 'tcp 22 sshd  of course, udp 53' },
    });
    expect(facts.get('n3')?.nat).toBe('no_udp');
  });

  it('takes hostile input for what it is: nothing, or text without control characters', async () => {
    const host = { IPNVersion: '\u0007<b>', Distro: 'x'.repeat(10_000), Services: 'all of them' };
    const facts = await factsAfter(
      mapOf(
        ...[{ ID: 4 }, null, 7, { ID: {}, StableID: 'n9' }],
        ...[nodeOf(2, { Hostinfo: host }), nodeOf(3, { Hostinfo: { IPNVersion: '\u0007<b>' } })],
      ),
    );
    expect([...facts.keys()]).toEqual(['n1', 'n2', 'n3']);
    expect(facts.get('n2')).toEqual({ key: '000000000000' });
    expect(facts.get('n3')?.version).toBe('<b>');
    await expect(new MapReader().take('{"NetMap":')).rejects.toThrow(SyntaxError);
    await expect(new MapReader().take('[]')).rejects.toThrow();
  });
});

/** Reads what a transport says of the map until it ends. */
async function read(watch: (onMap: (map: MapFacts) => void) => Promise<boolean>) {
  const maps: MapFacts[] = [];
  return { isShown: await watch((map) => maps.push(map)), maps };
}

describe('watching the network map', () => {
  const never = () => new AbortController().signal;

  it('gives the same by LocalAPI, sidecar and command', async () => {
    const body = `${LINES[0]}\n`;
    const tailscaled = await fakeTailscaled();
    tailscaled.setFault('watch-ipn-bus', { kind: 'answer', status: 200, body });
    const proxy = await fakeSidecar({ '/map': { body } });
    // As the real command, it goes on until it is stopped.
    const script = fakeCommand(
      '[ "$*" = "debug localapi GET watch-ipn-bus?mask=8" ] && head -n 1 "$F/watch-ipn-bus.jsonl" && exec sleep 60',
    );
    onTestFinished(() =>
      Promise.all([tailscaled.close(), proxy.close(), script.close()]).then(() => {}),
    );
    const expected = await factsAfter(LINES[0] ?? '');
    for (const one of [
      localApi({ socketPath: tailscaled.socketPath }),
      sidecar({ url: proxy.url }),
      cli({ command: script.command }),
    ]) {
      const { isShown, maps } = await read((onMap) => one.watchMap(onMap, never()));
      expect({ isShown, maps }, one.source).toEqual({ isShown: true, maps: [expected] });
    }
    expect(tailscaled.requests.at(-1)?.url).toBe('/localapi/v0/watch-ipn-bus?mask=36872');
  });

  it('is not known with an older tailscaled, sidecar or command', async () => {
    const tailscaled = await fakeTailscaled();
    const proxy = await fakeSidecar({});
    const script = fakeCommand('echo "tailscale: unknown subcommand: localapi" >&2; exit 1');
    onTestFinished(() =>
      Promise.all([tailscaled.close(), proxy.close(), script.close()]).then(() => {}),
    );
    const { socketPath } = tailscaled;
    for (const one of [
      localApi({ socketPath }),
      sidecar({ url: proxy.url }),
      cli({ command: script.command }),
    ]) {
      const { isShown, maps } = await read((onMap) => one.watchMap(onMap, never()));
      expect({ isShown, maps }, one.source).toEqual({ isShown: false, maps: [] });
    }
    tailscaled.setFault('watch-ipn-bus', { kind: 'answer', status: 403, body: 'denied\n' });
    const denied = await read((onMap) => localApi({ socketPath }).watchMap(onMap, never()));
    expect(denied).toEqual({ isShown: false, maps: [] });
  });

  it('fails in words where tailscaled hangs, is gone, sends garbage or too much', async () => {
    const tailscaled = await fakeTailscaled();
    onTestFinished(tailscaled.close);
    const { socketPath } = tailscaled;
    const watch = () => localApi({ socketPath, timeoutMs: 300 }).watchMap(() => {}, never());
    tailscaled.setFault('watch-ipn-bus', { kind: 'hang' });
    await expectFailure(watch(), 'timeout', 'watch-ipn-bus');
    const answer = (body: string) =>
      tailscaled.setFault('watch-ipn-bus', { kind: 'answer', status: 200, body });
    answer('{"NetMap": [}\n');
    await expectFailure(watch(), 'bad_answer', 'watch-ipn-bus');
    answer(`{"NetMap": "${'x'.repeat(33 * 1024 * 1024)}`);
    await expectFailure(
      localApi({ socketPath, timeoutMs: 5_000 }).watchMap(() => {}, never()),
      'bad_answer',
    );
    tailscaled.setFault('watch-ipn-bus', null);
    await tailscaled.stop();
    await expectFailure(watch(), 'unreachable');
  });

  it('ends by the signal', async () => {
    const tailscaled = await fakeTailscaled();
    onTestFinished(tailscaled.close);
    tailscaled.setFault('watch-ipn-bus', { kind: 'hang' });
    const ended = new AbortController();
    const api = localApi({ socketPath: tailscaled.socketPath });
    const watching = api.watchMap(() => {}, ended.signal);
    ended.abort();
    expect(await watching).toBe(true);
  });
});
