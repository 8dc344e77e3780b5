import { describe, expect, it } from 'vitest';
import { type DeviceState, keyNotice, type TailnetState, transitions } from './transitions';

const node = (change: Partial<DeviceState> = {}): DeviceState => ({
  name: 'git',
  up: true,
  since: null,
  seenByControl: true,
  path: 'direct',
  key: '',
  homeRegion: 'fra',
  ...change,
});
const state = (nodes: Record<string, DeviceState>, health: string[] = []): TailnetState => ({
  nodes,
  health,
  routes: {},
});
const between = (before: DeviceState, after: DeviceState) =>
  transitions(state({ n1: before }), state({ n1: after }), 5).map(({ kind, before, after }) => [
    kind,
    before,
    after,
  ]);

describe('what changed between two looks', () => {
  it('is nothing when nothing did', () => {
    expect(between(node(), node())).toEqual([]);
  });

  it.each([
    [{ up: false }, ['node_offline', 'online', 'offline']],
    [{ path: 'relay' as const }, ['path_changed', 'direct', 'relay']],
    [{ key: '7' }, ['key_expiring', '', '7']],
    [{ key: 'expired' }, ['key_expired', '', 'expired']],
    [{ homeRegion: 'nyc' }, ['home_region_changed', 'fra', 'nyc']],
    [{ name: 'git-2' }, ['node_renamed', 'git', 'git-2']],
    [{ seenByControl: false }, ['control_lost', 'connected', 'not connected']],
  ])('%o is an event with before and after', (change, event) => {
    expect(between(node(), node(change))).toEqual([event]);
  });

  it('tells a return', () => {
    expect(between(node({ up: false }), node())).toEqual([['node_online', 'offline', 'online']]);
  });

  it('tells no path change for a first path, nor for a region not known', () => {
    expect(between(node({ path: null, homeRegion: null }), node())).toEqual([]);
    expect(between(node(), node({ path: null, homeRegion: null }))).toEqual([]);
  });

  it('tells no end of a key that was renewed', () => {
    expect(between(node({ key: '1' }), node({ key: '' }))).toEqual([]);
  });

  it('tells a subnet that is routed for the first time, once', () => {
    const routed = {
      ...state({ n1: node() }),
      routes: { '10.0.0.0/8': { nodeId: 'n1', lostAt: null } },
    };
    const events = transitions(state({ n1: node() }), routed, 5);
    expect(events.map(({ kind, hostname, after }) => [kind, hostname, after])).toEqual([
      ['route_added', 'git', '10.0.0.0/8 by git'],
    ]);
    expect(transitions(routed, routed, 6)).toEqual([]);
  });

  it('tells who came and who went', () => {
    const events = transitions(state({ n1: node() }), state({ n2: node({ name: 'dev' }) }), 5);
    expect(events.map(({ kind, hostname }) => [kind, hostname])).toEqual([
      ['node_added', 'dev'],
      ['node_removed', 'git'],
    ]);
  });

  it('tells nothing of what is not known', () => {
    expect(between(node(), node({ up: null }))).toEqual([]);
    expect(between(node({ up: null }), node({ up: false }))).toEqual([]);
  });

  it('has the time of the change, not of the look', () => {
    const after = node({ up: false, since: 3 });
    const [event] = transitions(state({ n1: node() }), state({ n1: after }), 5);
    expect(event?.time).toBe(3);
  });

  it('tells a warning that counts once, though its text is another at each look', () => {
    const text = (age: string) =>
      `Tailscale hasn't heard from the 'Frankfurt' relay server in ${age}.`;
    const looks = [[], [text('2m10s')], [text('2m20s')], [text('3m0s')], []];
    const events = looks
      .slice(1)
      .flatMap((health, i) => transitions(state({}, looks[i] ?? []), state({}, health), i));
    expect(events.map(({ before, after }) => [before, after])).toEqual([
      [null, text('2m10s')],
      [text('3m0s'), null],
    ]);
  });

  it('tells tailscaled’s health messages as they come and go', () => {
    const events = transitions(state({}, ['no DNS']), state({}, ['no UDP']), 5);
    expect(events.map(({ before, after }) => [before, after])).toEqual([
      [null, 'no UDP'],
      ['no DNS', null],
    ]);
  });
});

it.each([
  [null, ''],
  [31, ''],
  [29, '30'],
  [6.5, '7'],
  [0.5, '1'],
  [-1, 'expired'],
])('a key with %s days left is at notice %o', (days, notice) => {
  const keyExpiry = days === null ? null : days * 86_400_000;
  expect(keyNotice({ expired: false, keyExpiry }, 0)).toBe(notice);
});
