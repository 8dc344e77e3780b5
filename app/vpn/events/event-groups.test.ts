import { describe, expect, it } from 'vitest';
import type { EventResponse } from '../../../lib/api/health-schemas';
import { healthCalls } from '../../../lib/calls/page-calls';
import {
  asPath,
  type EventView,
  eventParameters,
  eventTone,
  groupEvents,
  parseEventView,
} from './event-groups';

let id = 0;
const event = (
  minute: number,
  node: string | null,
  kind: EventResponse['kind'] = 'path_changed',
) => ({
  id: id++,
  time: new Date(Date.UTC(2026, 10, 24, 12) - minute * 60_000).toISOString(),
  kind,
  node_id: node,
  hostname: node,
  before: 'direct',
  after: 'relay',
});
const sizes = (events: EventResponse[]) => groupEvents(events).map((group) => group.events.length);

describe('groupEvents', () => {
  it('tells flapping once', () => {
    const flaps = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((minute) => event(minute, 'git'));
    expect(sizes(flaps)).toEqual([9]);
  });

  it('finds the flapping of a device between the events of others', () => {
    const events = [
      event(0, 'git'),
      event(1, 'dev', 'node_added'),
      event(2, 'git'),
      event(3, 'git'),
    ];
    const groups = groupEvents(events);
    expect(groups.map(({ newest }) => newest.hostname)).toEqual(['git', 'dev']);
    expect(groups[0]?.events.length).toBe(3);
  });

  it('leaves a change and its return as two events', () => {
    expect(sizes([event(0, 'git'), event(5, 'git')])).toEqual([1, 1]);
  });

  it('ends with ten minutes of rest', () => {
    const events = [0, 1, 2, 13, 14, 15].map((minute) => event(minute, 'git'));
    expect(sizes(events)).toEqual([3, 3]);
  });

  it('never joins what cannot flap, or has no device', () => {
    const keys = [0, 1, 2].map((minute) => event(minute, 'git', 'key_expiring'));
    const health = [3, 4, 5].map((minute) => event(minute, null, 'tailscaled_health'));
    expect(sizes([...keys, ...health])).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('keeps the newest first, whatever was put together', () => {
    const events = [event(0, 'a'), event(1, 'b'), event(8, 'a'), event(9, 'b')];
    const times = groupEvents(events).map(({ newest }) => newest.time);
    expect(times).toEqual([...times].sort().reverse());
  });
});

describe('eventTone', () => {
  it('colours what got worse, not what got better', () => {
    expect(eventTone({ kind: 'node_offline', after: 'offline' })).toBe('bad');
    expect(eventTone({ kind: 'node_online', after: 'online' })).toBe('quiet');
    expect(eventTone({ kind: 'path_changed', after: 'relay' })).toBe('warning');
    expect(eventTone({ kind: 'path_changed', after: 'direct' })).toBe('quiet');
    expect(eventTone({ kind: 'tailscaled_health', after: null })).toBe('quiet');
  });
});

describe('the feed’s view', () => {
  it('survives the way to a URL and back', () => {
    const view = { kind: 'key_expired' as const, node: 'a b&c' };
    const address = (shown: EventView) =>
      new URL(healthCalls(eventParameters(shown), undefined).events.path, 'http://x');
    expect(parseEventView(address(view).searchParams)).toEqual(view);
    expect(address({ kind: null, node: null }).search).toBe('');
  });

  it('ignores what is no filter', () => {
    const params = new URLSearchParams({ kind: 'nonsense', node: 'x'.repeat(300) });
    expect(parseEventView(params)).toEqual({ kind: null, node: null });
  });
});

describe('asPath', () => {
  it('knows the five states and nothing else', () => {
    expect(asPath('peer_relay')).toBe('peer_relay');
    expect(asPath('online')).toBeNull();
    expect(asPath(null)).toBeNull();
  });
});
