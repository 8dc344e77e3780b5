import { describe, expect, it } from 'vitest';
import { keyNotice, type NodeState, type TailnetState, transitions } from './transitions';

const node = (change: Partial<NodeState> = {}): NodeState => ({
  hostname: 'git',
  online: true,
  path: 'direct',
  key: '',
  homeRegion: 'fra',
  ...change,
});
const state = (nodes: Record<string, NodeState>, health: string[] = []): TailnetState => ({
  nodes,
  health,
});
const between = (before: NodeState, after: NodeState) =>
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
    [{ online: false }, ['node_offline', 'online', 'offline']],
    [{ path: 'relay' as const }, ['path_changed', 'direct', 'relay']],
    [{ key: '7' }, ['key_expiring', '', '7']],
    [{ key: 'expired' }, ['key_expired', '', 'expired']],
    [{ homeRegion: 'nyc' }, ['home_region_changed', 'fra', 'nyc']],
  ])('%o is told with before and after', (change, event) => {
    expect(between(node(), node(change))).toEqual([event]);
  });

  it('tells a return', () => {
    expect(between(node({ online: false }), node())).toEqual([
      ['node_online', 'offline', 'online'],
    ]);
  });

  it('tells no path change for a first path, nor for a region not known', () => {
    expect(between(node({ path: null, homeRegion: null }), node())).toEqual([]);
    expect(between(node(), node({ path: null, homeRegion: null }))).toEqual([]);
  });

  it('tells no end of a key that was renewed', () => {
    expect(between(node({ key: '1' }), node({ key: '' }))).toEqual([]);
  });

  it('tells who came and who went', () => {
    const events = transitions(state({ n1: node() }), state({ n2: node({ hostname: 'dev' }) }), 5);
    expect(events.map(({ kind, hostname }) => [kind, hostname])).toEqual([
      ['node_added', 'dev'],
      ['node_removed', 'git'],
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
