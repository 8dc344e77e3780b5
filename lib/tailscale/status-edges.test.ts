import { describe, expect, it } from 'vitest';
import type { Device } from '../domain/device';
import { statusFromBody } from './status-wire';
import { fixture } from './test-doubles';

const now = Date.UTC(2026, 10, 24);

/** A status with one peer, which differs from a plain one. */
async function onePeer(differences: object, status: object = {}): Promise<Device | undefined> {
  const peer = {
    ID: 'n1',
    HostName: 'box',
    DNSName: 'box.tail.test.',
    Online: true,
    ...differences,
  };
  const document = {
    Version: '1',
    BackendState: 'Running',
    MagicDNSSuffix: 'tail.test',
    Peer: { 'nodekey:00': peer },
    ...status,
  };
  return (await statusFromBody(JSON.stringify(document), now)).devices[0];
}

describe('what a peer may send', () => {
  it('is stripped of control and direction characters and bounded in length', async () => {
    const hostName = `a\u0000b\u001b[31mc\u202ed\u2028e\u0085${'x'.repeat(5_000)}`;
    const hostname = (await onePeer({ HostName: hostName }))?.hostname;
    expect(hostname?.startsWith('ab[31mcdexxx')).toBe(true);
    expect(hostname?.length).toBeLessThanOrEqual(255);
    // Truncation must not leave half of a character.
    const emoji = (await onePeer({ HostName: `a${'😀'.repeat(200)}` }))?.hostname ?? '';
    expect(encodeURIComponent(emoji)).toContain('%F0%9F%98%80');
  });

  it('is called by its DNS label, and by its host name where there is none that says something', async () => {
    expect((await onePeer({ HostName: '' }))?.name).toBe('box');
    expect((await onePeer({ HostName: 'desk', DNSName: '' }))?.name).toBe('desk');
    expect((await onePeer({ HostName: 'DESKTOP-9F2K1' }))?.hostname).toBe('DESKTOP-9F2K1');
    expect((await onePeer({ HostName: 'localhost', DNSName: 'pixel-7.tail.test.' }))?.name).toBe(
      'pixel-7',
    );
    expect(
      (await onePeer({ HostName: '\u0007', DNSName: '', TailscaleIPs: ['100.64.0.9'] }))?.name,
    ).toBe('100.64.0.9');
  });

  it('is not an address unless it is one', async () => {
    const device = await onePeer({ TailscaleIPs: ['100.64.0.9', '--socket=/etc/passwd'] });
    expect(device?.addresses).toEqual(['100.64.0.9']);
  });
});

describe('fields that are missing, null or of another kind', () => {
  it('are read as empty, so that older and newer versions do not fail', async () => {
    const body =
      '{"Version":"1","BackendState":"NeedsLogin","Peer":null,"User":null,"Health":null,"New":{"x":1}}';
    expect(await statusFromBody(body, now)).toEqual({
      tailnet: { name: '', magicDnsSuffix: '' },
      devices: [],
      exitNode: null,
      health: [],
      version: '1',
      backendState: 'NeedsLogin',
      tun: true,
    });
    expect(await onePeer({ TailscaleIPs: null, Tags: null, RxBytes: undefined })).toMatchObject({
      addresses: [],
      tags: [],
      rxBytes: 0,
      user: null,
    });
  });

  it('fail when of the wrong type, naming the field', async () => {
    await expect(onePeer({ Online: 'yes' })).rejects.toThrow('Online');
    await expect(onePeer({ RxBytes: -1 })).rejects.toThrow('RxBytes');
    await expect(onePeer({ KeyExpiry: 'tomorrow' })).rejects.toThrow('not a time');
    await expect(statusFromBody('[]', now)).rejects.toThrow();
  });

  it('leave out our own node before it has logged in, which has no id yet', async () => {
    const self = { ID: '', HostName: 'box', DNSName: '', UserID: 0, TailscaleIPs: null };
    const body = JSON.stringify({ Version: '1', BackendState: 'NeedsLogin', Self: self });
    expect((await statusFromBody(body, now)).devices).toEqual([]);
  });
});

describe('rules', () => {
  it('offline wins over a path, and activity without a region is no relay', async () => {
    expect((await onePeer({ Online: false, CurAddr: '203.0.113.1:1' }))?.path).toBe('offline');
    expect((await onePeer({ Active: true }))?.path).toBe('idle');
    expect((await onePeer({ Relay: 'fra' }))?.path).toBe('idle');
  });

  it('a key that ran out is expired even if tailscaled has not said so', async () => {
    expect((await onePeer({ KeyExpiry: '2026-11-23T23:59:59Z' }))?.expired).toBe(true);
    expect(await onePeer({ KeyExpiry: '0001-01-01T00:00:00Z' })).toMatchObject({
      keyExpiry: null,
      expired: false,
    });
  });

  it('routes come from AllowedIPs where no primary routes are named', async () => {
    const AllowedIPs = [
      '100.64.0.9/32',
      'fd7a:115c:a1e0::9/128',
      '10.0.0.0/8',
      '0.0.0.0/0',
      '::/0',
    ];
    const TailscaleIPs = ['100.64.0.9', 'fd7a:115c:a1e0::9'];
    expect((await onePeer({ AllowedIPs, TailscaleIPs }))?.subnetRoutes).toEqual(['10.0.0.0/8']);
  });

  it('a DNS name is ours only by whole labels, in any case', async () => {
    expect((await onePeer({ DNSName: 'box.evil-tail.test.' }))?.classification).toBe('shared');
    expect((await onePeer({ DNSName: 'BOX.Tail.Test.' }))?.classification).toBe('own');
    expect(
      (await onePeer({ DNSName: 'x.otter.ts.net.' }, { MagicDNSSuffix: '' }))?.classification,
    ).toBe('own');
  });
});

describe('5,000 peers', () => {
  it('are read without blocking the event loop for long', async () => {
    const document: { Peer: Record<string, object> } = JSON.parse(
      fixture('status-constructed.json'),
    );
    const peers = Object.values(document.Peer);
    document.Peer = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, index) => {
        const ids = {
          ID: `n${index}`,
          DNSName: `n${index}.tail.test.`,
          NodeID: 3474527484832394 + index,
        };
        return [`nodekey:${index}`, { ...peers[index % peers.length], ...ids }];
      }),
    );
    const body = JSON.stringify(document, null, '\t');
    let longest = 0;
    let last = performance.now();
    const ticks = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    });
    const status = await statusFromBody(body, now);
    await new Promise((resolve) => setTimeout(resolve, 5));
    clearInterval(ticks);
    expect(status.devices).toHaveLength(5_001);
    // 30 to 55 ms when measured; the margin allows for a machine that is busy with other tests.
    expect(longest).toBeLessThan(500);
  });
});
