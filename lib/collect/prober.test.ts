import { beforeEach, describe, expect, it } from 'vitest';
import { testDevice } from '../domain/test-device';
import { type Pong, TailscaleError } from '../tailscale/tailscale';
import { Prober } from './prober';

const device = testDevice('nA', { name: 'git' });
const pong = (path: 'direct' | 'relay', ms = 10): Pong => ({
  ok: true,
  latencyMs: ms,
  path,
  endpoint: path === 'direct' ? '203.0.113.1:41641' : null,
  relayRegion: path === 'relay' ? 'fra' : null,
});

describe('what pings find', () => {
  let wall: number;
  let elapsed: number;
  let asked: number;
  let answer: (count: number) => Pong[];
  let prober: Prober;
  const pass = (ms: number) => {
    wall += ms;
    elapsed += ms;
  };
  beforeEach(() => {
    wall = Date.UTC(2026, 10, 24);
    elapsed = 0;
    asked = 0;
    answer = (count) => Array.from({ length: count }, () => pong('direct'));
    const ping = async (_: string, { count }: { count: number }) => {
      asked += count;
      return answer(count);
    };
    prober = new Prober(
      { ping },
      () => wall,
      () => elapsed,
    );
  });
  const silence = () => {
    answer = () => {
      throw new TailscaleError('timeout', 'no answer');
    };
  };
  const typeNow = () => prober.evidence('nA', 60_000)?.connection.connectionType;

  it('holds for as long as it is believed, by elapsed time', async () => {
    await prober.probe(device, 5);
    wall += 86_400_000;
    expect(typeNow()).toBe('direct');
    pass(60_001);
    expect(typeNow()).toBe('unknown');
    expect(prober.evidence('nZ', 60_000)).toBeNull();
  });

  it('is silence after three pings without an answer, since the first of them', async () => {
    await prober.probe(device, 5);
    silence();
    pass(10_000);
    const first = wall;
    await prober.probe(device, 1);
    pass(10_000);
    await prober.probe(device, 1);
    expect(typeNow()).toBe('direct');
    pass(10_000);
    await prober.probe(device, 1);
    expect(typeNow()).toBe('offline');
    expect(prober.since('nA')?.wall).toBe(first);
    answer = () => [pong('direct')];
    pass(5_000);
    await prober.probe(device, 1);
    expect([typeNow(), prober.since('nA')?.wall]).toEqual(['direct', wall]);
  });

  it('is a relay only by a few pings: the first ones of a sleeping connection take it', async () => {
    await prober.probe(device, 5);
    answer = (count) => Array.from({ length: count }, () => pong('relay'));
    await prober.probe(device, 1);
    expect(typeNow()).toBe('direct');
    await prober.probe(device, 3);
    expect(typeNow()).toBe('relay');
  });

  it('is nothing when tailscaled itself fails', async () => {
    answer = () => {
      throw new TailscaleError('unreachable', 'tailscaled is away');
    };
    const { connection } = await prober.probe(device, 5);
    expect([connection.connectionType, connection.sent]).toEqual(['unknown', 0]);
    expect(prober.evidence('nA', 60_000)).toBeNull();
  });

  it('from before we could see counts no more', async () => {
    await prober.probe(device, 5);
    pass(1_000);
    prober.distrust();
    expect(typeNow()).toBe('unknown');
    expect(prober.ageMs('nA')).toBe(Number.POSITIVE_INFINITY);
    await prober.probe(device, 1);
    expect(typeNow()).toBe('direct');
  });

  it('proves our own way to the internet, or that nothing comes through', async () => {
    expect(prober.uplink(60_000)).toBe('unknown');
    silence();
    await prober.probe(device, 5);
    expect(prober.uplink(60_000)).toBe('silent');
    answer = () => [pong('relay')];
    await prober.probe(testDevice('nB'), 1);
    expect(prober.uplink(60_000)).toBe('proven');
    pass(60_001);
    expect(prober.uplink(60_000)).toBe('unknown');
  });

  it('comes one probe after another to one device, and ends with the device', async () => {
    const both = [prober.probe(device, 1), prober.probe(device, 1)];
    expect(prober.isBusy('nA')).toBe(true);
    await Promise.all(both);
    expect([asked, prober.isBusy('nA')]).toEqual([2, false]);
    prober.keep(new Set());
    expect(prober.lastAnswered('nA')).toBeNull();
  });
});
