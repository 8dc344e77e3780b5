import { describe, expect, it } from 'vitest';
import type { Alert } from '../domain/alert';
import { keptTexts } from '../domain/alert-texts';
import { type Message, type Notice, testMessage } from '../domain/notice';
import { say } from '../domain/said';
import { UTC } from '../domain/time-zone';
import { inLanguage } from '../i18n/on-server';
import { MINUTE } from '../util/time';
import { messageHtml } from './message';
import { line, text } from './reading';
import { alert, seeded, T0 } from './test-doubles';

const BASE = 'https://observatory.example';
const news = (kind: Notice['kind'], more: Partial<Alert> = {}, suppressed = 0) => ({
  suppressed,
  notice: { kind, at: T0 + 25 * MINUTE, alert: alert(more) },
});
const html = (entries: Message['news'], unconfirmed = 0, base: string | null = BASE) =>
  messageHtml(
    { createdAt: T0, news: entries, unconfirmed },
    { publicUrl: base, zone: UTC },
  ).replaceAll('\u00a0', ' ');

describe('a message', () => {
  it('says what, shows the evidence, since when, and links to the device', () => {
    const evidence = [
      { label: 'Pings', value: '118 ms, 120 ms' },
      { label: 'Path before', value: 'direct (192.0.2.1:41641)' },
    ];
    expect(html([news('fired', { evidence })])).toBe(
      [
        '⚠️ <b>High latency to git: 118 ms</b>',
        'Pings: 118 ms, 120 ms',
        'Path before: direct (192.0.2.1:41641)',
        'Since: 2026-11-24 04:00:00 UTC (25 min)',
        '<a href="https://observatory.example/vpn/devices/n1">Open git</a>',
      ].join('\n'),
    );
  });

  it('of a recovery says how long it lasted', () => {
    expect(html([news('resolved', { resolvedAt: T0 + 20 * MINUTE })])).toBe(
      [
        '✅ <b>Latency to git is normal again</b>',
        'Since: 2026-11-24 04:00:00 UTC (lasted 20 min)',
        '<a href="https://observatory.example/vpn/devices/n1">Open git</a>',
      ].join('\n'),
    );
  });

  it('says that it has become worse, what was left out, and what may not have arrived', () => {
    const text = html([news('escalated', { severity: 'critical' }, 2)], 1, null);
    expect(text).toBe(
      [
        '🔴 <b>Worse: High latency to git: 118 ms</b>',
        'Since: 2026-11-24 04:00:00 UTC (25 min)',
        '<i>2 earlier changes were not sent, so that you get fewer messages.</i>',
        '<i>1 earlier message may not have arrived: the service was killed while sending. The alerts page lists them all.</i>',
      ].join('\n'),
    );
  });

  it('of several is a digest, worst first, each with its link', () => {
    const text = html([
      news('resolved', { title: 'a', nodeId: null, resolvedAt: T0 + MINUTE }),
      news('fired', { title: 'b' }, 3),
      news('fired', { title: 'c', severity: 'critical' }),
    ]);
    const since = '— since 2026-11-24 04:00:00 UTC';
    expect(text).toBe(
      [
        '🔴 <b>2 alerts, 1 recovery at once</b>',
        `🔴 <a href="${BASE}/vpn/devices/n1">c</a> ${since} (25 min)`,
        `⚠️ <a href="${BASE}/vpn/devices/n1">b</a> ${since} (25 min) <i>(3 more before)</i>`,
        `✅ <a href="${BASE}/vpn">Latency to git is normal again</a> ${since} (lasted 1 min)`,
      ].join('\n'),
    );
  });

  it('without news is a test', () => {
    expect(messageHtml(testMessage(T0), { publicUrl: null, zone: UTC })).toContain('Test message');
  });

  it('escapes what a device calls itself, and keeps it on one line', () => {
    const text = html([news('fired', { title: '<b>x</b> & "y"\r\n<a href=', nodeId: '../"><b>' })]);
    expect(text).toContain('<b>&lt;b&gt;x&lt;/b&gt; &amp; "y" &lt;a href=</b>');
    expect(text).toContain('/vpn/devices/..%2F%22%3E%3Cb%3E"');
  });

  it('is never longer than 4,096 characters, and never ends in half of a tag or a letter', () => {
    const random = seeded(7);
    const junk = () =>
      Array.from({ length: Math.floor(random() * 2_000) }, () =>
        ['<', '&', '>', '"', 'a', '😀', '\n'].at(Math.floor(random() * 7)),
      ).join('');
    for (let i = 0; i < 60; i++) {
      const evidence = () => ({ label: junk(), value: junk() });
      const few = {
        title: junk(),
        hostname: junk(),
        evidence: Array.from({ length: 20 }, evidence),
      };
      const entries =
        i % 3 === 0
          ? [news('fired', few)]
          : Array.from({ length: 40 }, () => news('fired', { title: junk() }));
      const text = html(entries, i % 2);
      expect(text.length).toBeLessThanOrEqual(4_096);
      expect(Buffer.from(text).toString()).toBe(text);
      const bare = text.replace(/<\/?(b|i|a)( href="[^"<>]*")?>/g, '');
      expect(bare.replace(/&(amp|lt|gt|quot);/g, '')).not.toMatch(/[<>&]/);
      for (const tag of ['b', 'i', 'a']) {
        const opened = text.split(new RegExp(`<${tag}[ >]`)).length;
        expect(text.split(`</${tag}>`)).toHaveLength(opened);
      }
      if (i % 2) expect(text).toContain('may not have arrived');
    }
  });
});

describe('a message in Spanish', () => {
  const slow = keptTexts({
    title: say('alertTexts.latency', { device: 'git', latency: { latency: 1250 } }),
    evidence: [
      line('alertTexts.pings', { list: [{ latency: 1250.4 }, text('alertTexts.noAnswer')] }),
      line('alertTexts.pathBefore', {
        list: [text('alertTexts.pathAt', { path: 'direct', at: '192.0.2.1:41641' })],
      }),
    ],
  });
  const inSpanish = (entries: Message['news'], unconfirmed = 0) =>
    inLanguage('es', () => html(entries, unconfirmed));

  it('says everything in it: title, evidence, numbers, since when, and the link', () => {
    expect(inSpanish([news('fired', slow, 2)], 1)).toBe(
      [
        '⚠️ <b>Latencia alta con git: 1,25 s</b>',
        'Pings: 1,25 s, sin respuesta',
        'Ruta anterior: directa (192.0.2.1:41641)',
        'Desde: 2026-11-24 04:00:00 UTC (25 min)',
        '<i>2 cambios anteriores no se enviaron, para que recibas menos mensajes.</i>',
        '<a href="https://observatory.example/vpn/devices/n1">Abrir git</a>',
        '<i>Puede que 1 mensaje anterior no haya llegado: el servicio se interrumpió durante el envío. La página de alertas los muestra todos.</i>',
      ].join('\n'),
    );
  });

  it('of several is a digest in it, with what was reported before', () => {
    const offline = {
      rule: 'offline' as const,
      ...keptTexts({ title: say('alertTexts.offline', { device: 'nas' }), evidence: [] }),
    };
    const [first, second] = [news('fired', offline), news('fired', { ...offline, topic: 'b' })];
    const also = [{ said: say('alertTexts.routeLost', { subnet: '10.0.0.0/8' }) }, 'old title'];
    Object.assign(first.notice, { together: { incident: 1, holdUntil: T0, also } });
    expect(inSpanish([first, second]).split('\n')).toEqual([
      '⚠️ <b>2 dispositivos están sin conexión</b>',
      ...Array(2).fill(
        `⚠️ <a href="${BASE}/vpn/devices/n1">nas está sin conexión</a> — desde 2026-11-24 04:00:00 UTC (25 min)`,
      ),
      'Ya se avisó de: Ya nada enruta 10.0.0.0/8; old title',
    ]);
  });

  it.each([
    ['latency', 'La latencia con git vuelve a ser normal'],
    ['offline', 'git vuelve a estar en línea'],
    ['own_device', 'Este dispositivo vuelve a estar conectado a la tailnet'],
    ['model_silent', 'Recuperado: Latencia alta con git: 1,25 s'],
  ] as const)('of a recovery (%s) says what is now', (rule, title) => {
    const [line] = inSpanish([news('resolved', { rule, ...slow })]).split('\n');
    expect(line).toBe(`✅ <b>${title}</b>`);
  });

  it('of an alert that a version before this stored keeps its title, in what is said around it', () => {
    const [line, since] = inSpanish([news('escalated')]).split('\n');
    expect(line).toBe('⚠️ <b>Peor: High latency to git: 118 ms</b>');
    expect(since).toMatch(/^Desde: /);
  });

  it('without news is a test in it', () => {
    const text = inLanguage('es', () =>
      messageHtml(testMessage(T0), { publicUrl: BASE, zone: UTC }),
    );
    expect(text).toMatch(/Mensaje de prueba.*Las alertas llegan aquí.*Abrir el panel/s);
  });
});
