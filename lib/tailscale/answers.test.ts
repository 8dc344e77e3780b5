import { describe, expect, it } from 'vitest';
import { checkedAddress } from './address';
import { derpMapFromBody } from './derp-map-wire';
import { netcheckFromWire, parseNetcheck, regionCodes } from './netcheck-wire';
import { pongFromBody } from './ping-wire';
import { fixture } from './test-doubles';
import { saysNoMatch, whoisFromBody } from './whois-wire';

describe('whois', () => {
  it('names the node, the device and the user of a captured answer', () => {
    expect(whoisFromBody(fixture('whois-git.json'), '100.64.0.2')).toEqual({
      nodeId: '2',
      device: 'git',
      user: { id: '2', login: 'bob@example.com', name: 'bob@example.com' },
      tags: [],
      network: { udp: true, ipv6: false, hardNat: null, portMapping: [] },
    });
  });

  it('keeps ids past 2^53, and names the device by DNS where its own name says nothing', () => {
    const body = `{"Node":{"StableID":"nX","ID":9007199254740995,"Name":"pixel.tail.test.","Tags":["tag:a"],
      "Hostinfo":{"Hostname":"localhost"}},
      "UserProfile":{"ID":9007199254740993,"LoginName":"c@x","DisplayName":""}}`;
    expect(whoisFromBody(body, '100.64.0.9')).toEqual({
      nodeId: 'nX',
      device: 'pixel',
      user: { id: '9007199254740993', login: 'c@x', name: 'c@x' },
      tags: ['tag:a'],
      network: null,
    });
  });

  it('recognises every form of “nobody has that address”', () => {
    expect(saysNoMatch(fixture('whois-nomatch.txt'))).toBe(true);
    expect(saysNoMatch('peer not found\n')).toBe(true);
    expect(saysNoMatch(fixture('whois-git.json'))).toBe(false);
  });
});

describe('a LocalAPI ping', () => {
  it('reads a direct pong and a relayed one, in milliseconds', () => {
    expect(pongFromBody(fixture('localapi-ping-direct.json'))).toEqual({
      ok: true,
      latencyMs: 0.371,
      path: 'direct',
      endpoint: '203.0.113.3:41641',
      relayRegion: null,
    });
    expect(pongFromBody(fixture('localapi-ping-relay.json'))).toEqual({
      ok: true,
      latencyMs: 0.69,
      path: 'relay',
      endpoint: null,
      relayRegion: 'fra',
    });
  });

  it('reads a peer relay, and a failure that came as a 200', () => {
    const relayed =
      '{"Err":"","LatencySeconds":0.0211,"Endpoint":"","PeerRelay":"203.0.113.9:40000:vni:7"}';
    expect(pongFromBody(relayed)).toMatchObject({
      path: 'peer_relay',
      endpoint: '203.0.113.9:40000',
      latencyMs: 21.1,
    });
    expect(pongFromBody('{"Err":"no matching peer"}')).toEqual({
      ok: false,
      error: 'no matching peer',
    });
  });
});

describe('netcheck', () => {
  it('reads a captured report: nanoseconds become milliseconds, null stays “not measured”', () => {
    expect(netcheckFromWire(parseNetcheck(fixture('netcheck.json')))).toEqual({
      udp: true,
      ipv4: true,
      ipv6: false,
      mappingVariesByDestIp: null,
      portMapping: [],
      captivePortal: null,
      preferredDerp: 4,
      regionLatencyMs: { 4: expect.closeTo(0.3, 0) },
    });
  });

  it('reads the older form of the seed: DERPLatency in seconds by “9-fra”, HairPinning left aside', () => {
    const wire =
      parseNetcheck(`{"UDP": true, "IPv6": false, "MappingVariesByDestIP": false, "HairPinning": true,
      "PreferredDERP": 9, "DERPLatency": {"9-fra": 0.023, "2-nyc": 0.089}}`);
    expect(netcheckFromWire(wire)).toEqual({
      udp: true,
      ipv4: true,
      ipv6: false,
      mappingVariesByDestIp: false,
      portMapping: null,
      captivePortal: null,
      preferredDerp: 9,
      regionLatencyMs: { 9: 23, 2: 89 },
    });
    expect([...regionCodes(wire)]).toEqual([
      ['9', 'fra'],
      ['2', 'nyc'],
    ]);
  });

  it('takes the better of two address families, and no family for a region code', () => {
    const wire = parseNetcheck('{"UDP":true,"DERPLatency":{"9-v4":0.02,"9-v6":0.01}}');
    expect(netcheckFromWire(wire).regionLatencyMs).toEqual({ 9: 10 });
    expect(regionCodes(wire).size).toBe(0);
  });

  it('skips warnings before the JSON and reads port mapping as probed', () => {
    const body =
      '# Warning: not stable\n{"UDP":false,"UPnP":true,"PMP":false,"PCP":"","PreferredDERP":0}';
    expect(netcheckFromWire(parseNetcheck(body))).toMatchObject({
      udp: false,
      ipv4: false,
      portMapping: ['upnp'],
      preferredDerp: null,
    });
  });
});

describe('the DERP map', () => {
  it('names the regions by id', () => {
    expect(derpMapFromBody(fixture('derpmap.json'))).toEqual({
      999: { code: 'fra', name: 'Frankfurt lab' },
    });
  });

  it('is empty before tailscaled has one', () => {
    expect(derpMapFromBody('null')).toEqual({});
    expect(derpMapFromBody('{"Regions":null}')).toEqual({});
  });
});

describe('an address', () => {
  it('goes through as tailscaled writes it, IPv4 in IPv6 as IPv4', () => {
    expect(checkedAddress('100.64.0.1')).toBe('100.64.0.1');
    expect(checkedAddress('fd7a:115c:a1e0::1')).toBe('fd7a:115c:a1e0::1');
    expect(checkedAddress('::ffff:100.64.0.1')).toBe('100.64.0.1');
  });

  it('is refused when it is none: names, options, ports, zones, paths', () => {
    const others = [
      'git',
      '--help',
      '100.64.0.1:80',
      'fe80::1%eth0',
      '../status',
      '',
      '100.64.0.1\n',
      '::ffff:1.2.3',
    ];
    for (const other of others)
      expect(() => checkedAddress(other), other).toThrow('not an IP address');
  });
});
