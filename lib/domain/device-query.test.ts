import { describe, expect, it } from 'vitest';
import { findDevice, type Identified } from './device-query';

const device = (id: string, dnsName: string, more: Partial<Identified> = {}): Identified => ({
  id,
  name: dnsName.split('.')[0] ?? '',
  hostname: dnsName.split('.')[0] ?? '',
  dnsName,
  addresses: [],
  classification: 'own',
  ...more,
});
const shared = { classification: 'shared' } as const;
const external = { classification: 'external' } as const;
const idOf = (devices: Identified[], query: string) => {
  const found = findDevice(devices, query);
  return found.kind === 'found' ? found.device.id : found.kind;
};

describe('the device that is meant', () => {
  const tor = device('nTOR', 'production-tor1.tail1.ts.net', {
    hostname: 'Ubuntu-S1',
    addresses: ['100.64.0.2', 'fd7a:115c:a1e0::2'],
  });

  it('is found by every name it has, in any case', () => {
    const others = [device('nA', 'nas.tail1.ts.net'), tor];
    const names = ['production-tor1', 'Production-Tor1', 'PRODUCTION-TOR1.tail1.ts.net.'];
    for (const query of [
      ...names,
      'ubuntu-s1',
      'nTOR',
      'ntor',
      '100.64.0.2',
      'FD7A:115C:A1E0::2',
    ]) {
      expect([query, idOf(others, query)]).toEqual([query, 'nTOR']);
    }
  });

  it('is found whatever its letters are, also where lower case is longer', () => {
    const others = [device('nA', 'nas.tail1.ts.net'), device('nB', 'pc.tail1.ts.net')];
    const dotted = device('nI', 'istanbul.tail1.ts.net', { hostname: 'İstanbul' });
    const rest = device('nÜ', 'uber.tail1.ts.net', { hostname: 'ÜBER' });
    for (const query of ['İstanbul', 'i̇stanbul', 'İSTANBUL', 'istanbul']) {
      expect([query, idOf([...others, dotted], query)]).toEqual([query, 'nI']);
    }
    for (const query of ['über', 'ÜBER', 'nü']) {
      expect([query, idOf([...others, rest], query)]).toEqual([query, 'nÜ']);
    }
  });

  it('is the one of that id, whichever calls itself so', () => {
    const evil = device('nEVIL', 'pc.tail9.ts.net', { hostname: 'nTOR', ...external });
    const named = device('nOther', 'ntor.tail1.ts.net');
    expect(idOf([evil, named, tor], 'nTOR')).toBe('nTOR');
  });

  it('is ours before one shared in, and that before a sharee', () => {
    const theirs = device('nTheirs', 'nas.tail9.ts.net', shared);
    const sharee = device('nSharee', 'nas.tail8.ts.net', external);
    const ours = device('nOurs', 'storage.tail1.ts.net', { hostname: 'nas' });
    expect(idOf([sharee, theirs, ours], 'nas')).toBe('nOurs');
    expect(idOf([sharee, theirs], 'nas')).toBe('nTheirs');
    expect(idOf([sharee, theirs, ours], 'nas.tail9.ts.net')).toBe('nTheirs');
  });

  it('is the one of that machine name before those whose system calls itself so', () => {
    const first = device('nA', 'raspberrypi.tail1.ts.net');
    const second = device('nB', 'raspberrypi-1.tail1.ts.net', { hostname: 'raspberrypi' });
    expect(idOf([second, first], 'raspberrypi')).toBe('nA');
    expect(idOf([second, first], 'raspberrypi-1')).toBe('nB');
  });

  it('is not guessed among several', () => {
    const phones = ['a', 'b'].map((id) =>
      device(id, `pixel-${id}.x.ts.net`, { hostname: 'localhost' }),
    );
    expect(findDevice(phones, 'localhost')).toEqual({ kind: 'ambiguous', candidates: phones });
  });

  it('may have been written wrongly', () => {
    expect(findDevice([device('n', 'git.x.ts.net'), tor], 'gti')).toEqual({
      kind: 'none',
      near: ['git'],
    });
  });
});
