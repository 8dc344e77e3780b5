import { describe, expect, it } from 'vitest';
import { inLanguage } from '../i18n/on-server';
import type { Device, TailnetStatus } from './device';
import { isBlind, judgeOwnDevice, OWN_STATES, type OwnFacts, ownWords } from './own-device';
import { testDevice } from './test-device';

const status = (more: Partial<TailnetStatus> = {}, self: Partial<Device> = {}): TailnetStatus => ({
  tailnet: { name: 'example.com', magicDnsSuffix: 'tail1234.ts.net' },
  devices: [testDevice('nSelf', { self: true, ...self })],
  exitNode: null,
  health: [],
  version: '1.102.0',
  backendState: 'Running',
  tun: true,
  ...more,
});
const judged = (facts: Partial<OwnFacts>) =>
  judgeOwnDevice({ status: status(), unanswered: null, missing: [], uplink: 'unknown', ...facts });
const offline = status({}, { online: false });
const NO_NETWORK = 'Tailscale cannot connect because the network is down.';

describe('our own device', () => {
  it.each<[string, Partial<OwnFacts>]>([
    ['ok', {}],
    ['unreachable', { unanswered: 'tailscaled is not running' }],
    ['unreachable', { status: null }],
    ['stopped', { status: status({ backendState: 'Stopped' }, { online: false }) }],
    ['stopped', { status: status({ backendState: 'InUseOtherUser' }) }],
    ['logged_out', { status: status({ backendState: 'NeedsLogin', devices: [] }) }],
    ['key_expired', { status: status({ backendState: 'NeedsLogin' }, { expired: true }) }],
    ['needs_approval', { status: status({ backendState: 'NeedsMachineAuth' }) }],
    ['starting', { status: status({ backendState: 'NoState', devices: [] }) }],
    ['starting', { status: status({ backendState: 'Starting' }) }],
    ['locked_out', { status: status({ health: ['this node is locked out'] }), missing: ['a'] }],
    ['peers_missing', { missing: ['a', 'b'] }],
    ['control_unreachable', { status: offline }],
    ['control_unreachable', { status: offline, uplink: 'proven' }],
    ['no_network', { status: offline, uplink: 'silent' }],
    ['no_network', { status: { ...offline, health: [NO_NETWORK] } }],
    ['control_unreachable', { status: { ...offline, health: [NO_NETWORK] }, uplink: 'proven' }],
    // A warning alone changes nothing while the device is connected.
    ['ok', { status: status({ health: [NO_NETWORK] }), uplink: 'silent' }],
  ])('is %s of %j', (state, facts) => {
    const own = judged(facts);
    expect(own.state).toBe(state);
    expect([own.reason !== '', own.remedy !== '']).toEqual([state !== 'ok', state !== 'ok']);
  });

  it('names those that vanished, but not by the dozen', () => {
    const missing = Array.from({ length: 8 }, (_, i) => `srv-${i}`);
    const { reason } = judged({ missing });
    expect(reason).toContain('8 devices');
    expect(reason).toContain('srv-4 and 3 more');
    expect(reason).not.toContain('srv-5');
  });

  it('sees others only while it is up', () => {
    const seeing = OWN_STATES.filter((state) => !isBlind(state));
    expect(seeing).toEqual(['ok', 'control_unreachable']);
  });
});

it('what is wrong with it is said in Spanish, tailscaled’s own words as they are', () => {
  const words = (facts: Partial<OwnFacts>) => {
    const own = { ...judged(facts), since: 0, settled: true };
    return inLanguage('es', () => ownWords(own));
  };
  expect(words({ status: status({ backendState: 'Stopped' }) })).toEqual({
    reason: 'Tailscale está detenido en este dispositivo',
    remedy: 'Inícialo: sudo tailscale up',
  });
  expect(words({ missing: ['a', 'b', 'c', 'd', 'e', 'f'] }).reason).toBe(
    '6 dispositivos desaparecieron a la vez: a, b, c, d, e y 1 más',
  );
  expect(words({ status: { ...offline, health: [NO_NETWORK] } }).reason).toBe(
    `Este dispositivo no tiene conexión a internet: ${NO_NETWORK}`,
  );
});
