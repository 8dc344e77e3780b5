import { describe, expect, it } from 'vitest';
import { MINUTE } from '../util/time';
import { DEFAULT_THRESHOLDS } from './facts';
import {
  afterRound,
  judged,
  offline,
  readingOf,
  readingsOf,
  relayed,
  round,
  T0,
} from './test-doubles';

describe('latency', () => {
  it.each([
    [101, 'bad'],
    [100, 'between'],
    [80, 'between'],
    [79.9, 'good'],
  ])('of %d ms is %s', (latencyAvg, state) => {
    expect(afterRound('latency', { latencyAvg })?.state).toBe(state);
  });

  it('takes two rounds to fire and two to clear, and has its device’s id in the topic', () => {
    const limits = { raiseRounds: 2, clearRounds: 2, topic: 'latency_n1', severity: 'warning' };
    expect(afterRound('latency', { latencyAvg: 118 })).toMatchObject(limits);
  });

  it('is judged by the thresholds of its device', () => {
    const byDevice = { git: { latencyMs: 300, latencyClearMs: 250 } };
    const thresholds = { ...DEFAULT_THRESHOLDS, byDevice };
    const at = (latencyAvg: number) =>
      readingOf('latency', { rounds: [round({ latencyAvg })], devices: [judged()], thresholds })
        ?.state;
    expect([at(301), at(260), at(249)]).toEqual(['bad', 'between', 'good']);
  });

  it('comes with the pings and the paths, now and before', () => {
    const pings = [120, null, 117];
    const lastAnswered = {
      time: T0 - 5 * MINUTE,
      connectionType: 'direct' as const,
      relayNode: 'none',
      endpoint: '192.0.2.1:41641',
    };
    expect(afterRound('latency', relayed, { pings, lastAnswered })?.evidence).toEqual([
      { label: 'Pings', value: '120\u00a0ms, no answer, 117\u00a0ms' },
      { label: 'Path', value: 'relay (DERP fra)' },
      { label: 'Path before', value: 'direct (192.0.2.1:41641), 2026-11-24 03:55:00 UTC' },
      { label: 'Limit', value: '100\u00a0ms, over below 80\u00a0ms' },
    ]);
  });

  it('does not repeat the path as the one before', () => {
    const { connection } = round({ latencyAvg: 120 });
    const lastAnswered = { ...connection, time: T0 - 5 * MINUTE };
    const labels = afterRound('latency', { latencyAvg: 120 }, { lastAnswered })?.evidence.map(
      ({ label }) => label,
    );
    expect(labels).toEqual(['Pings', 'Path', 'Limit']);
  });
});

describe('packet loss', () => {
  it.each([
    [5, 'good'],
    [4, 'between'],
    [3, 'bad'],
    [1, 'bad'],
  ])('with %d of 5 answered is %s', (received, state) => {
    expect(afterRound('packet_loss', { received })?.state).toBe(state);
  });

  it('comes with its limit', () => {
    expect(afterRound('packet_loss', { received: 3 })?.evidence).toContainEqual({
      label: 'Limit',
      value: '40\u00a0%, over at 10\u00a0%',
    });
  });

  it('of one in ten is good again', () => {
    expect(afterRound('packet_loss', { sent: 10, received: 9 })?.state).toBe('good');
  });
});

describe('a relayed path', () => {
  const lastDirect = { time: T0 - 10 * MINUTE, endpoint: '192.0.2.1:41641' };

  it('is bad for as long as it lasts, once the device has been direct', () => {
    expect(afterRound('relayed', relayed, { lastDirect })).toMatchObject({
      state: 'bad',
      raiseRounds: 2,
      clearRounds: 1,
      topic: 'relay_n1',
      evidence: [
        { label: 'Pings' },
        { label: 'Path', value: 'relay (DERP fra)' },
        { label: 'Path before', value: 'direct (192.0.2.1:41641), until 2026-11-24 03:50:00 UTC' },
      ],
    });
  });

  it('is no news of a device that never was direct', () => {
    expect(afterRound('relayed', relayed)?.state).toBe('between');
  });

  it.each(['direct', 'peer_relay'] as const)('is over with a %s round', (connectionType) => {
    expect(afterRound('relayed', { connectionType }, { lastDirect })?.state).toBe('good');
  });

  it('is never read from a status without a ping: an idle peer is not relayed', () => {
    const devices = [judged({ path: 'relay', relayRegion: 'fra' })];
    expect(readingOf('relayed', { devices })).toBe(undefined);
  });
});

describe('a round without an answer', () => {
  it.each(['offline', 'unknown'] as const)('(%s) says nothing of path, latency or loss', (type) => {
    const presence = type === 'offline' ? 'not_answering' : 'unknown';
    const rounds = [round({ ...offline, connectionType: type })];
    const rules = readingsOf({ rounds, devices: [judged({}, { judgement: { presence } })] })
      .filter(({ state }) => state === 'bad')
      .map(({ rule }) => rule);
    expect(rules).toEqual(type === 'offline' ? ['offline'] : []);
  });

  it('gives latency, loss and path a rest, though an answered one is the last', () => {
    const devices = [judged({}, { judgement: { presence: 'offline' } })];
    const rules = readingsOf({ rounds: [round({ latencyAvg: 250 })], devices }).map(
      ({ rule }) => rule,
    );
    expect(rules).not.toContain('latency');
    expect(rules).not.toContain('packet_loss');
    expect(rules).not.toContain('relayed');
  });
});

describe('unusual latency', () => {
  const usual = (meanMs: number, more = {}) => ({
    usual: { meanMs, expectedMs: 10, lowMs: 8, highMs: 12, ...more },
  });
  const state = (meanMs: number, more = {}) =>
    afterRound('latency_unusual', {}, usual(meanMs, more))?.state;

  it('is above the device’s own band, by as much as a user would notice', () => {
    expect([state(12.5), state(12), state(3)]).toEqual(['bad', 'good', 'good']);
    expect(state(12.5, { expectedMs: 11.8, highMs: 12.1 })).toBe('between');
    expect(state(110, { expectedMs: 100, highMs: 105 })).toBe('between');
  });

  it('takes three rounds, is no more than information, and says what is usual', () => {
    const reading = afterRound('latency_unusual', {}, usual(48));
    expect(reading).toMatchObject({ severity: 'info', raiseRounds: 3, clearRounds: 2 });
    expect(reading?.title).toBe('Unusual latency to git: 48\u00a0ms');
    expect(reading?.evidence).toContainEqual({
      label: 'Usual at this time',
      value: '8\u00a0ms to 12\u00a0ms',
    });
  });

  it('is left to the other alert when it is slow for any device', () => {
    const both = readingsOf({
      rounds: [round({ latencyAvg: 130 }, usual(130))],
      devices: [judged()],
    });
    expect(both.find(({ rule }) => rule === 'latency_unusual')?.state).toBe('between');
    expect(both.find(({ rule }) => rule === 'latency')?.state).toBe('bad');
  });

  it('says nothing while too little is known', () => {
    expect(afterRound('latency_unusual', { latencyAvg: 90 })).toBeUndefined();
  });
});
