import { beforeEach, describe, expect, it } from 'vitest';
import type { Device } from '../domain/device';
import type { OwnState } from '../domain/own-device';
import { testDevice } from '../domain/test-device';
import { DeviceJudge } from './device-judge';
import { Prober } from './prober';
import type { TailnetWatch } from './tailnet-watch';

type View = ReturnType<TailnetWatch['view']>;

describe('the one judgement of a device', () => {
  let elapsed: number;
  let answers: boolean;
  let devices: Device[];
  let own: OwnState;
  let prober: Prober;
  let judge: DeviceJudge;
  const look = (...now: Device[]) => {
    devices = now;
    judge.look();
    return judge.of(now[0] ?? testDevice('none'));
  };
  beforeEach(() => {
    elapsed = 0;
    answers = true;
    devices = [];
    own = 'ok';
    const ping = async (_: string, { count }: { count: number }) =>
      Array.from({ length: count }, () =>
        answers
          ? {
              ...{ ok: true as const, latencyMs: 9, path: 'direct' as const },
              ...{ endpoint: '203.0.113.1:1', relayRegion: null },
            }
          : { ok: false as const, error: 'timed out' },
      );
    const clock = () => elapsed;
    prober = new Prober({ ping }, clock, clock);
    const watch = {
      view: (): View => ({
        ...{ source: 'localapi', location: '', answeredAt: elapsed, stale: false, error: null },
        status: {
          ...{ tailnet: { name: 't', magicDnsSuffix: 't.ts.net' }, devices, exitNode: null },
          ...{ health: [], version: '1.102.0', backendState: 'Running', tun: true },
        },
        own: { state: own, reason: '', remedy: '', since: 0, settled: true },
      }),
    };
    judge = new DeviceJudge(watch, prober, 60_000, () => devices, clock, clock);
  });
  const up = testDevice('nA', { path: 'idle' });
  const down = { ...up, online: false };

  it('an answer from before it was listed as offline does not speak against that list', async () => {
    look(up);
    await prober.probe(up, 5);
    elapsed += 20_000;
    expect(look(down).seenByControl).toBe(true);
    elapsed += 5_000;
    await prober.probe(down, 1);
    expect(look(down)).toMatchObject({ presence: 'online', seenByControl: false });
  });

  it('is unknown while our own device is blind, and afterwards judged by what is found then', async () => {
    look(up);
    await prober.probe(up, 5);
    own = 'stopped';
    expect(look(up).presence).toBe('unknown');
    elapsed += 10_000;
    own = 'ok';
    expect(look(up)).toMatchObject({ presence: 'online', confirmed: false });
    answers = false;
    await prober.probe(up, 3);
    expect(look(up).presence).toBe('not_answering');
  });

  it('knows how long it has been silent at least, whatever the clock says', async () => {
    look(up);
    answers = false;
    await prober.probe(up, 3);
    elapsed += 42_000;
    look(up);
    expect(judge.forMs(up)).toBe(0);
    await prober.probe(up, 1);
    elapsed += 4_000;
    expect(judge.forMs(up)).toBe(42_000);
  });

  it('is the same object while it says the same, and another as soon as anything speaks against it', async () => {
    const other = testDevice('nB', { path: 'direct' });
    look(up, other);
    const before = judge.of(other);
    look(up, other);
    expect(judge.of(other)).toBe(before);
    // What is known of it may be known to another caller as a copy.
    expect(judge.of({ ...other })).toBe(before);
    await prober.probe(other, 5);
    const pinged = judge.of(other);
    expect(pinged.latencyMs).toBe(9);
    look(up, { ...other, online: false });
    answers = false;
    await prober.probe(other, 3);
    expect(judge.of(other).presence).not.toBe('online');
    // Our own device goes blind between two answers about the others.
    look(up);
    expect(judge.of(up).presence).toBe('online');
    own = 'stopped';
    await Promise.resolve();
    expect(judge.of(up).presence).toBe('unknown');
  });

  it('needs two looks to believe a relay that no ping has shown', () => {
    const relayed = { ...up, path: 'relay' as const };
    look(up);
    expect(look(relayed).path).toBe('idle');
    expect(look(relayed).path).toBe('relay');
  });
});
