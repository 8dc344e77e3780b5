import { describe, expect, it } from 'vitest';
import type { Path } from './device';
import { countCritical, flapsByDevice, lossOf, worstFirst } from './reachability';

describe('the loss of a round', () => {
  it('is the share of pings without an answer', () => {
    expect(lossOf({ sent: 5, received: 4 })).toBeCloseTo(0.2);
    expect(lossOf({ sent: 5, received: 5 })).toBe(0);
    expect(lossOf({ sent: 5, received: 0 })).toBe(1);
  });

  it('is not known when nothing was sent', () => {
    expect(lossOf({ sent: 0, received: 0 })).toBeNull();
  });
});

describe('flaps', () => {
  const spans = (nodeId: string, ...paths: Path[]) => paths.map((path) => ({ nodeId, path }));

  it('are changes of path, and of online and offline, by device', () => {
    const flaps = flapsByDevice([
      ...spans('a', 'direct', 'relay', 'direct', 'offline'),
      ...spans('b', 'direct', 'direct'),
    ]);
    expect([...flaps]).toEqual([['a', 3]]);
  });

  it('do not include falling idle and coming back the same way', () => {
    expect(flapsByDevice(spans('a', 'direct', 'idle', 'direct')).get('a')).toBeUndefined();
    expect(flapsByDevice(spans('a', 'direct', 'idle', 'relay')).get('a')).toBe(1);
  });

  it('are told apart where the spans of devices alternate', () => {
    const [a1, a2] = spans('a', 'direct', 'relay');
    const [b1, b2] = spans('b', 'relay', 'relay');
    expect([...flapsByDevice([a1!, b1!, a2!, b2!])]).toEqual([['a', 1]]);
  });
});

it('critical devices are counted, and those of them that are direct or offline', () => {
  const devices = [
    { critical: true, path: 'direct' as const },
    { critical: true, path: 'offline' as const },
    { critical: true, path: 'relay' as const },
    { critical: false, path: 'direct' as const },
  ];
  expect(countCritical(devices)).toEqual({ critical: 3, direct: 1, offline: 1 });
  expect(countCritical(devices.slice(3))).toEqual({ critical: 0, direct: 0, offline: 0 });
});

describe('worst first', () => {
  const device = (hostname: string, given: Partial<Parameters<typeof worstFirst>[0]> = {}) => ({
    ...{ hostname, critical: false, online: true, path: 'direct' as Path, loss: null },
    ...given,
  });
  const order = (...devices: ReturnType<typeof device>[]) =>
    devices.sort(worstFirst).map(({ hostname }) => hostname);

  it('puts critical devices that are offline on top, and others that are offline at the end', () => {
    expect(
      order(
        device('phone', { online: false, path: 'offline' }),
        device('healthy'),
        device('critical', { critical: true }),
        device('relayed', { path: 'relay' }),
        device('lossy', { critical: true, loss: 0.4 }),
        device('down', { critical: true, online: false, path: 'offline' }),
        device('untold', { critical: true, online: null, path: 'idle' }),
      ),
    ).toEqual(['down', 'relayed', 'lossy', 'critical', 'untold', 'healthy', 'phone']);
  });

  it('orders equals by name', () => {
    expect(order(device('c'), device('a'), device('b'))).toEqual(['a', 'b', 'c']);
  });
});
