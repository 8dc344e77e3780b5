import { describe, expect, it } from 'vitest';
import { inLanguage } from '../i18n/on-server';
import { type EndFacts, relayCauses } from './relay-causes';

const open: EndFacts = { udp: true, ipv6: true, hardNat: false, portMapping: ['upnp'] };
const codes = (ours: EndFacts | null, theirs: EndFacts | null) =>
  relayCauses(ours, theirs, 'git').map(({ code }) => code);

describe('why a device is relayed', () => {
  it.each<[string, EndFacts | null, EndFacts | null, string[]]>([
    ['UDP blocked here', { ...open, udp: false }, open, ['udp-blocked-ours']],
    ['UDP blocked there', open, { ...open, udp: false }, ['udp-blocked-theirs']],
    [
      'hard NAT at both ends',
      { ...open, hardNat: true, portMapping: [] },
      { ...open, hardNat: true, portMapping: null },
      ['hard-nat-both'],
    ],
    [
      'one hard NAT without mapping',
      open,
      { ...open, hardNat: true, portMapping: [], ipv6: false },
      ['hard-nat-theirs', 'no-ipv6'],
    ],
    ['a hard NAT that maps ports', { ...open, hardNat: true }, open, ['firewall']],
    ['nothing known', null, open, ['unknown']],
  ])('%s', (_, ours, theirs, expected) => {
    expect(codes(ours, theirs)).toEqual(expected);
  });

  it.each<[EndFacts | null, EndFacts | null, RegExp, RegExp]>([
    [open, null, /^git has not reported/, /no network check of this device/],
    [
      { ...open, hardNat: null },
      open,
      /^The NAT of this device was not measurable/,
      /no network|git/,
    ],
    [
      open,
      { ...open, hardNat: null },
      /NAT of git was not measurable/,
      /this node|has not reported/,
    ],
    [null, open, /no network check of this device yet/, /git/],
  ])('says what is missing of both ends, and nothing else: %j, %j', (ours, theirs, said, not) => {
    const [cause] = relayCauses(ours, theirs, 'git');
    expect(cause?.code).toBe('unknown');
    expect(cause?.detail).toMatch(said);
    expect(cause?.detail).not.toMatch(not);
  });

  it('always names a next step', () => {
    for (const cause of relayCauses({ ...open, udp: false }, null, 'git')) {
      expect(cause.nextStep).not.toBe('');
    }
  });
});

it('is said in Spanish, with what to do', () => {
  const hard = { ...open, hardNat: true, portMapping: [], ipv6: false };
  const causes = inLanguage('es', () => relayCauses(open, hard, 'git'));
  expect(causes).toMatchObject([
    {
      code: 'hard-nat-theirs',
      title: 'Un NAT difícil sin asignación de puertos en git',
      nextStep: 'Activa UPnP o NAT-PMP en el router de git, o redirígele el puerto UDP 41641.',
    },
    { code: 'no-ipv6', title: 'Sin IPv6 en git' },
  ]);
  const [unknown] = inLanguage('es', () => relayCauses(null, null, 'git'));
  expect(unknown?.detail).toBe(
    'Aún no hay ninguna comprobación de red de este dispositivo. git no ha comunicado ninguna comprobación de red suya.',
  );
});
