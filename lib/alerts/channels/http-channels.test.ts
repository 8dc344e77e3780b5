import { describe, expect, it } from 'vitest';
import { say, spoken } from '../../domain/said';
import { inLanguage } from '../../i18n/on-server';
import { HOUR, MINUTE } from '../../util/time';
import type { Notifier } from '../notifier';
import { T0 } from '../test-doubles';
import { apprise } from './apprise';
import { discord } from './discord';
import { gotify } from './gotify';
import { homeAssistant } from './home-assistant';
import type { Common } from './http-channel';
import { matrix } from './matrix';
import { ntfy } from './ntfy';
import { pushover } from './pushover';
import { slack } from './slack';
import { about, COMMON, DIGEST, HOSTILE, LONG, OFFLINE, sendBy, service } from './test-service';

const SECRET = 's3cretS3cretS3cretS3cretS3cret';

/** Every service, as it is set up; its secret is `SECRET`. */
const SERVICES: Record<string, (url: string, common?: Common) => Notifier> = {
  ntfy: (url, common = COMMON) => ntfy({ url: `${url}/alerts`, token: SECRET }, common),
  discord: (url, common = COMMON) =>
    discord({ url: `${url}/api/webhooks/42/${SECRET}?thread_id=7` }, common),
  slack: (url, common = COMMON) => slack({ url: `${url}/services/T1/B1/${SECRET}` }, common),
  gotify: (url, common = COMMON) => gotify({ url: `${url}/push/`, token: SECRET }, common),
  matrix: (url, common = COMMON) =>
    matrix({ url, room: '!room:example.org', token: SECRET }, common),
  apprise: (url, common = COMMON) =>
    apprise({ url: `${url}/notify/${SECRET}`, tag: 'phones' }, common),
  homeassistant: (url, common = COMMON) =>
    homeAssistant({ url: `${url}/api/webhook/${SECRET}` }, common),
  pushover: (url, common = COMMON) =>
    pushover({ token: SECRET, user: 'u'.repeat(30), apiUrl: url }, common),
};
const NAMES = Object.keys(SERVICES);
const make = (name: string, url: string, common?: Common) => {
  const made = SERVICES[name]?.(url, common);
  if (!made) throw new Error(name);
  return made;
};

const PAGE = 'https://observatory.example/vpn/devices/n1';
const SINCE = 'Since: 2026-11-24 04:00:00 UTC (5\u00a0min)';
const LINES = `Pings: none of 5 answered\n${SINCE}`;

describe('what a service is sent', () => {
  it.each<[string, { method?: string; url: string; headers?: object; body: object }]>([
    [
      'ntfy',
      {
        url: '/',
        headers: { authorization: `Bearer ${SECRET}` },
        body: {
          topic: 'alerts',
          title: 'git is offline',
          message: LINES,
          priority: 5,
          tags: ['red_circle'],
          click: PAGE,
        },
      },
    ],
    [
      'discord',
      {
        url: `/api/webhooks/42/${SECRET}?thread_id=7&wait=true`,
        body: {
          embeds: [
            {
              title: '🔴 git is offline',
              description:
                'Pings\\: none of 5 answered\n' +
                'Since\\: 2026\\-11\\-24 04\\:00\\:00 UTC \\(5\u00a0min\\)',
              color: 0xd32f2f,
              url: PAGE,
            },
          ],
          allowed_mentions: { parse: [] },
        },
      },
    ],
    [
      'slack',
      {
        url: `/services/T1/B1/${SECRET}`,
        body: {
          text: '🔴 git is offline',
          attachments: [
            {
              color: '#d32f2f',
              blocks: [
                {
                  type: 'header',
                  text: { type: 'plain_text', text: '🔴 git is offline', emoji: false },
                },
                { type: 'section', text: { type: 'mrkdwn', text: LINES, verbatim: true } },
                {
                  type: 'section',
                  text: { type: 'mrkdwn', text: `<${PAGE}|Open git>`, verbatim: true },
                },
              ],
            },
          ],
          unfurl_links: false,
          unfurl_media: false,
        },
      },
    ],
    [
      'gotify',
      {
        url: '/push/message',
        headers: { 'x-gotify-key': SECRET },
        body: {
          title: '🔴 git is offline',
          message: LINES,
          priority: 8,
          extras: {
            'client::display': { contentType: 'text/plain' },
            'client::notification': { click: { url: PAGE } },
          },
        },
      },
    ],
    [
      'matrix',
      {
        method: 'PUT',
        url: `/_matrix/client/v3/rooms/!room%3Aexample.org/send/m.room.message/observatory-17-${T0 + 5 * MINUTE}`,
        headers: { authorization: `Bearer ${SECRET}` },
        body: {
          msgtype: 'm.text',
          body: `🔴 git is offline\n${LINES}\nOpen git: ${PAGE}`,
          format: 'org.matrix.custom.html',
          formatted_body:
            `🔴 <b>git is offline</b><br>Pings: none of 5 answered<br>${SINCE}<br>` +
            `<a href="${PAGE}">Open git</a>`,
          'm.mentions': {},
        },
      },
    ],
    [
      'apprise',
      {
        url: `/notify/${SECRET}`,
        headers: { accept: 'application/json' },
        body: {
          title: 'git is offline',
          body: `${LINES}\nOpen git: ${PAGE}`,
          type: 'failure',
          format: 'text',
          tag: 'phones',
        },
      },
    ],
    [
      'pushover',
      {
        url: '/1/messages.json',
        body: {
          token: SECRET,
          user: 'u'.repeat(30),
          title: '🔴 git is offline',
          message: LINES,
          priority: 1,
          timestamp: (T0 + 5 * MINUTE) / 1_000,
          url: PAGE,
          url_title: 'Open git',
        },
      },
    ],
  ])('is this request, by %s', async (name, { method = 'POST', url, headers = {}, body }) => {
    const { url: server, requests } = await service();
    expect(await sendBy(make(name, server))).toEqual({ state: 'sent' });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method, url, headers });
    expect(requests[0]?.headers['content-type']).toBe('application/json');
    expect(requests[0]?.body).toEqual(body);
  });

  it('is what the webhook sends and what to show, by homeassistant', async () => {
    const { url, requests } = await service();
    expect(await sendBy(make('homeassistant', url))).toEqual({ state: 'sent' });
    expect(requests[0]).toMatchObject({ method: 'POST', url: `/api/webhook/${SECRET}` });
    expect(requests[0]?.body).toMatchObject({
      ...{ id: '17', type: 'alerts', title: 'git is offline', message: LINES },
      ...{ level: 'critical', url: PAGE },
      alerts: [{ event: 'fired', rule: 'offline', severity: 'critical', node_id: 'n1' }],
    });
  });

  it.each(NAMES)('is in the language of messages, by %s', async (name) => {
    const { url, requests } = await service();
    await sendBy(make(name, url, { ...COMMON, language: 'es' }));
    expect(JSON.stringify(requests[0]?.body)).toContain('Desde');
  });

  it.each(NAMES)('is less urgent for a warning than for what is critical, by %s', async (name) => {
    const { url, requests } = await service();
    const notifier = make(name, url);
    await sendBy(notifier, OFFLINE);
    await sendBy(notifier, about({ severity: 'warning', title: 'git is offline' }));
    const [critical, warning] = requests.map(({ body }) => JSON.stringify(body));
    expect(critical).not.toBe(warning);
  });

  it.each(NAMES)('may be a digest, by %s', async (name) => {
    const { url, requests } = await service();
    expect(await sendBy(make(name, url), DIGEST)).toEqual({ state: 'sent' });
    const text = JSON.stringify(requests[0]?.body);
    expect(text).toContain('Your tailnet, day to 2026');
    expect(text).toContain('offline for 14\u00a0min');
  });

  it('is the digest for programs too, by homeassistant', async () => {
    const { url, requests } = await service();
    await sendBy(make('homeassistant', url), DIGEST);
    expect(requests[0]?.body).toMatchObject({
      ...{ type: 'digest', alerts: [] },
      digest: {
        ...{ from: '2026-11-23T04:00:00.000Z', to: '2026-11-24T04:00:00.000Z' },
        availability: [{ name: 'nas', share: 0.99, down_seconds: 840 }],
      },
    });
  });

  it.each(NAMES)('has no links when it is not known where the pages are, by %s', async (name) => {
    const { url, requests } = await service();
    await sendBy(make(name, url, { ...COMMON, publicUrl: null }));
    expect(JSON.stringify(requests[0]?.body)).not.toContain('/vpn');
  });

  it.each(NAMES)('is worded by the templates, by %s', async (name) => {
    const { url, requests } = await service();
    const templates = { title: '{device} [{severity}]', body: 'Look:\\n{evidence}' };
    await sendBy(make(name, url, { ...COMMON, templates }));
    const text = JSON.stringify(requests[0]?.body).replaceAll('\\', '');
    expect(text).toContain('git [critical]');
    expect(text).toMatch(/Look:(n|<br>)Pings: none of 5 answered/);
    expect(text).not.toContain('Since');
  });
});

describe('a device that calls itself something hostile', () => {
  const sent = async (name: string) => {
    const { url, requests } = await service();
    const evidence = [{ label: 'Name', value: HOSTILE }];
    await sendBy(make(name, url), about({ title: `${HOSTILE} is offline`, evidence }));
    return JSON.stringify(requests[0]?.body);
  };

  it('mentions nobody in Discord, and makes no markup there', async () => {
    const text = await sent('discord');
    expect(text).not.toContain('@everyone');
    expect(text).not.toMatch(/(?<!\\)(\*\*y|\[x|`z|<@|<!|https:\/\/evil)/);
    expect(text).toContain('"allowed_mentions":{"parse":[]}');
  });

  it('mentions nobody in Slack, and makes no link there', async () => {
    const { url, requests } = await service();
    const evidence = [{ label: 'Name', value: HOSTILE }];
    await sendBy(make('slack', url), about({ evidence, hostname: 'a|b>c' }));
    const text = JSON.stringify(requests[0]?.body);
    expect(text).not.toMatch(/<[!@#]|@everyone/);
    expect(text).toContain('&lt;!channel&gt;');
    expect(text).toContain('|Open a¦b&gt;c>');
    expect(text).toContain('"verbatim":true');
  });

  it('is escaped in the HTML of Matrix, and mentions nobody', async () => {
    const text = await sent('matrix');
    expect(text).toContain('&lt;b&gt;&amp;amp;');
    expect(text).toContain('"m.mentions":{}');
  });
});

describe('what is too long', () => {
  const LIMITS: Record<string, (body: string) => void> = {
    ntfy: (body) => expect(Buffer.byteLength(JSON.parse(body).message)).toBeLessThanOrEqual(4_096),
    discord: (body) => {
      const { title, description } = JSON.parse(body).embeds[0];
      expect(title.length).toBeLessThanOrEqual(256);
      expect(description.length).toBeLessThanOrEqual(4_096);
    },
    slack: (body) => {
      const [header, section] = JSON.parse(body).attachments[0].blocks;
      expect(header.text.text.length).toBeLessThanOrEqual(150);
      expect(section.text.text.length).toBeLessThanOrEqual(3_000);
    },
    gotify: (body) => expect(JSON.parse(body).message.length).toBeLessThanOrEqual(4_096),
    matrix: (body) => expect(Buffer.byteLength(body)).toBeLessThanOrEqual(65_536),
    apprise: (body) => expect(JSON.parse(body).body.length).toBeLessThanOrEqual(8_000),
    homeassistant: (body) => expect(JSON.parse(body).message.length).toBeLessThanOrEqual(4_096),
    pushover: (body) => {
      const { title, message, url, url_title } = JSON.parse(body);
      expect(message.length).toBeLessThanOrEqual(1_024);
      expect(title.length).toBeLessThanOrEqual(250);
      expect(url.length).toBeLessThanOrEqual(512);
      expect(url_title.length).toBeLessThanOrEqual(100);
    },
  };

  it.each(NAMES)('is shortened by whole lines, and says so, by %s', async (name) => {
    const { url, requests } = await service();
    const notifier = make(name, url);
    await sendBy(notifier, LONG);
    await sendBy(notifier, about({ title: HOSTILE.repeat(20), hostname: HOSTILE.repeat(20) }));
    for (const { body } of requests) LIMITS[name]?.(JSON.stringify(body));
    expect(JSON.stringify(requests[0]?.body)).toContain('more lines');
  });
});

describe('an answer', () => {
  it.each(NAMES)('decides whether a message is sent again, by %s', async (name) => {
    const answers = [500, 502, 503, 408, 429, 400, 401, 403, 404, 302].map((status) => ({
      status,
    }));
    const { url } = await service(...answers, { status: 200 });
    const notifier = make(name, url);
    const states: string[] = [];
    for (let i = 0; i <= answers.length; i++) states.push((await sendBy(notifier)).state);
    expect(states).toEqual([...Array(5).fill('retry'), ...Array(5).fill('failed'), 'sent']);
  });

  it.each(NAMES)('without one the message is sent again, by %s', async (name) => {
    const delivery = await sendBy(make(name, 'http://127.0.0.1:1'));
    const error = say('channelFaults.refused', { host: '127.0.0.1:1' });
    expect(delivery).toEqual({ state: 'retry', error, afterMs: null });
    expect(error.text).toBe('127.0.0.1:1: nobody listens there');
  });

  it.each(NAMES)('that repeats a secret does not get it into an error, by %s', async (name) => {
    const echo = {
      ...{ error: SECRET, message: SECRET, errorDescription: SECRET, errcode: SECRET },
      errors: [SECRET],
    };
    const { url } = await service({ status: 400, body: JSON.stringify(echo) });
    const delivery = await sendBy(make(name, url));
    expect(delivery.state).toBe('failed');
    expect(JSON.stringify(delivery)).not.toContain('s3cret');
  });

  it.each(NAMES)('that asks to wait is obeyed, for an hour at most, by %s', async (name) => {
    const later = (seconds: string) => ({ status: 429, headers: { 'retry-after': seconds } });
    const { url } = await service(later('7'), later('999999'));
    const notifier = make(name, url);
    expect(await sendBy(notifier)).toMatchObject({ state: 'retry', afterMs: 7_000 });
    expect(await sendBy(notifier)).toMatchObject({ state: 'retry', afterMs: HOUR });
  });

  it.each<[string, object, Record<string, string>, number]>([
    ['discord', { message: 'You are being rate limited.', retry_after: 1.5 }, {}, 1_500],
    ['matrix', { errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 4_200 }, {}, 4_200],
    ['ntfy', { code: 42908, http: 429, error: 'limit reached' }, {}, HOUR],
    ['pushover', { errors: ['over quota'] }, { 'x-limit-app-reset': '99999999999' }, HOUR],
  ])('of %s that asks to wait in a way of its own is obeyed', async (name, body, headers, ms) => {
    const { url } = await service({ status: 429, headers, body: JSON.stringify(body) });
    expect(await sendBy(make(name, url))).toMatchObject({ state: 'retry', afterMs: ms });
  });

  it.each([
    ['ntfy', 403, '{"code":40301,"error":"forbidden"}', /forbidden; give NTFY_TOKEN the right/],
    ['discord', 404, '{"message":"Unknown Webhook","code":10015}', /Unknown Webhook; .*make a new/],
    ['slack', 404, 'no_service', /no_service; .*make a new one/],
    ['gotify', 401, '{"errorDescription":"you need to provide a valid token"}', /application/],
    ['matrix', 403, '{"errcode":"M_FORBIDDEN","error":"not in room"}', /not in room; invite/],
    ['apprise', 204, '', /no configuration by the key/],
    ['apprise', 424, '{"error":"failed"}', /its log says which/],
    ['homeassistant', 405, '', /allow POST/],
    ['pushover', 400, '{"errors":["user identifier is invalid"]}', /invalid; check PUSHOVER_TOKEN/],
  ])('of %s that refuses (%i) says what to do', async (name, status, body, words) => {
    const { url, host } = await service({ status, body });
    const delivery = await sendBy(make(name, url));
    expect(delivery).toMatchObject({
      ...{ state: 'failed', error: { text: expect.stringMatching(words) } },
    });
    expect(delivery).toMatchObject({ error: { text: expect.stringContaining(host) } });
    const inSpanish =
      delivery.state === 'sent' ? '' : inLanguage('es', () => spoken(delivery.error));
    expect(inSpanish).toContain(`(${host}) respondió ${status}`);
    expect(inSpanish).not.toMatch(/answered|check|make|must|allow|there is/);
  });
});
