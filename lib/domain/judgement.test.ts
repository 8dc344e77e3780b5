import { describe, expect, it } from 'vitest';
import { isOnline, type JudgedBy, judge } from './judgement';
import { isBlind, OWN_STATES } from './own-device';
import { testDevice } from './test-device';

const found = (
  connectionType: 'direct' | 'relay' | 'peer_relay' | 'offline' | 'unknown',
  more: Partial<NonNullable<JudgedBy['evidence']>['connection']> = {},
): JudgedBy['evidence'] => ({
  connection: {
    connectionType,
    relayNode: connectionType === 'relay' ? 'fra' : 'none',
    endpoint: null,
    latencyAvg: connectionType === 'offline' || connectionType === 'unknown' ? null : 12,
    ...more,
  },
  lastAnswered: 500,
});
const by = (more: Partial<JudgedBy> = {}): JudgedBy => ({
  own: { state: 'ok', settled: false },
  watched: true,
  evidence: null,
  relaySeenTwice: false,
  answersUnlisted: false,
  uplinkProven: false,
  refused: false,
  since: null,
  ...more,
});
const up = testDevice('nA', { path: 'idle', relayRegion: 'ams', lastSeen: 100 });
const down = { ...up, online: false };

describe('the judgement of a device', () => {
  it('one that answers is up, whatever the coordination server says', () => {
    const judged = judge(down, by({ evidence: found('direct'), answersUnlisted: true }));
    expect(judged).toMatchObject({ presence: 'online', path: 'direct', seenByControl: false });
    expect(judged).toMatchObject({ latencyMs: 12, lastSeen: null, confirmed: true });
  });

  it('one that is listed as online and answers nothing is not answering', () => {
    const judged = judge(up, by({ evidence: found('offline') }));
    expect(judged).toMatchObject({ presence: 'not_answering', path: 'offline', lastSeen: 500 });
    expect(judge(down, by({ evidence: found('offline') })).presence).toBe('offline');
  });

  it('without a ping, the coordination server’s word is not yet certain of one that is watched', () => {
    expect(judge(up, by())).toMatchObject({ presence: 'online', confirmed: false });
    expect(judge(down, by())).toMatchObject({ presence: 'offline', confirmed: false });
    expect(judge(down, by({ watched: false }))).toMatchObject({ confirmed: true });
    expect(judge(down, by({ evidence: found('unknown') }))).toMatchObject({ confirmed: false });
  });

  it('a relay counts once pings or two looks have shown it; its region is the one in use', () => {
    const seen = { ...up, path: 'relay' as const };
    expect(judge(seen, by({ watched: false })).path).toBe('idle');
    expect(judge(seen, by({ watched: false, relaySeenTwice: true })).path).toBe('relay');
    const pinged = judge(up, by({ evidence: found('relay') }));
    expect([pinged.path, pinged.relayRegion]).toEqual(['relay', 'fra']);
    expect(judge(up, by({ evidence: found('direct') })).relayRegion).toBe('ams');
  });

  it.each(OWN_STATES.filter(isBlind))('all others are unknown while our own is %s', (state) => {
    const own = { state, settled: true };
    for (const device of [up, down]) {
      const judged = judge(device, by({ own, evidence: found('offline') }));
      expect(judged).toMatchObject({ presence: 'unknown', confirmed: false, path: 'idle' });
      expect(isOnline(judged)).toBeNull();
    }
    expect(judge({ ...up, self: true }, by({ own })).presence).toBe('offline');
  });

  it('what answers in our own network is up without internet', () => {
    const own = { state: 'no_network' as const, settled: true };
    expect(judge(up, by({ own, evidence: found('direct') })).presence).toBe('online');
    expect(
      judge(up, by({ own: { ...own, state: 'stopped' }, evidence: found('direct') })),
    ).toMatchObject({ presence: 'unknown' });
  });

  it('without the coordination server, silence counts once something else has answered', () => {
    const own = { state: 'control_unreachable' as const, settled: true };
    const silent = { own, evidence: found('offline') };
    expect(judge(up, by(silent)).presence).toBe('unknown');
    expect(judge(up, by({ ...silent, uplinkProven: true })).presence).toBe('offline');
    expect(judge(up, by({ own })).presence).toBe('unknown');
    expect(judge(up, by({ own, evidence: found('direct') })).presence).toBe('online');
    // It may be only seconds.
    expect(judge(up, by({ own: { ...own, settled: false } })).presence).toBe('online');
  });

  it('our own device is online while it sees others', () => {
    const self = { ...up, self: true };
    expect(judge(self, by()).presence).toBe('online');
  });
});
