import { describe, expect, it } from 'vitest';
import type { Digest } from '../domain/digest';
import type { Message } from '../domain/notice';
import { zoneNamed } from '../domain/time-zone';
import { inLanguage } from '../i18n/on-server';
import { HOUR, MINUTE } from '../util/time';
import { HTML, linesOf, PLAIN } from './markup';
import { contentOf } from './message-content';
import { T0 } from './test-doubles';

const DIGEST: Digest = {
  ...{ from: T0 - 24 * HOUR, to: T0 },
  accesses: { count: 1_284, before: 1_146, people: 6, errors: 3 },
  services: [
    { host: 'git.example.com', accesses: 800, errors: 0 },
    { host: null, accesses: 1, errors: 1 },
  ],
  traffic: { rxBytes: 2.4e9, txBytes: 1e6, devices: [{ name: 'nas', bytes: 2e9 }] },
  availability: [
    { name: '<b>nas</b>', share: 0.99, downMs: 14 * MINUTE },
    { name: 'git', share: 1, downMs: 0 },
    { name: 'new', share: null, downMs: 0 },
  ],
  changes: [{ kind: 'node_added', count: 2, names: ['phone', 'tablet'] }],
  alerts: { fired: 4, firing: 1 },
};
const message = (digest: Digest): Message => ({
  ...{ createdAt: T0, news: [], unconfirmed: 0, digest },
});
const words = { publicUrl: 'https://observatory.example', zone: zoneNamed('Europe/Madrid') };
const textOf = (digest: Digest, markup = PLAIN) => {
  const content = contentOf(message(digest), words);
  return [content.title, ...linesOf(content, markup).lines].join('\n').replaceAll('\u00a0', ' ');
};

describe('a digest', () => {
  it('says what there was, in the zone of the owner', () => {
    expect(textOf(DIGEST)).toBe(
      [
        'Your tailnet, day to 2026-11-24',
        '2026-11-23 05:00 – 2026-11-24 05:00 UTC+1',
        'Alerts: 4 fired, 1 is firing now.',
        'Accesses: 1,284 accesses by 6 people; 1,146 in the period before; 3 server errors',
        'Most reached:',
        '• git.example.com: 800 accesses',
        '• (no host): 1 access; 1 server error',
        'Traffic: 2.4 GB received, 1 MB sent; most with nas (2 GB)',
        'What changed:',
        '• Joined the tailnet: 2× (phone, tablet)',
        'Availability:',
        '• <b>nas</b>: 99 %, offline for 14 min',
        '• git: 100 %, —',
        '• new: unknown, —',
        'Open the dashboard',
      ].join('\n'),
    );
  });

  it('says so where there was nothing', () => {
    const nothing: Digest = {
      ...{ ...DIGEST, from: T0 - 7 * 24 * HOUR, services: [], availability: [], changes: [] },
      accesses: { count: 0, before: 0, people: 0, errors: 0 },
      traffic: { rxBytes: 0, txBytes: 0, devices: [] },
      alerts: { fired: 0, firing: 0 },
    };
    const lines = textOf(nothing).split('\n');
    expect(lines[0]).toBe('Your tailnet, week to 2026-11-24');
    expect(lines.slice(2, -1)).toEqual([
      'Alerts: none.',
      'Accesses: none.',
      'Traffic: none.',
      'What changed: nothing.',
    ]);
  });

  it('is in the language of messages, and escaped as they are', () => {
    const text = inLanguage('es', () => textOf(DIGEST, HTML));
    expect(text).toContain('Tu tailnet, día hasta el 2026-11-24');
    expect(text).toContain(
      '<b>Accesos:</b> 1284 accesos de 6 personas; 1146 en el período anterior',
    );
    expect(text).toContain('• &lt;b&gt;nas&lt;/b&gt;: 99 %, sin conexión durante 14 min');
    expect(text).not.toContain('Joined');
  });
});
