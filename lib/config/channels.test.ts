import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfig } from './config';

const KEY = 'a'.repeat(30);

describe('the channels', () => {
  it('are none by default', () => {
    const { alerts } = readConfig({});
    const { telegram, webhook, ntfy, discord, slack, gotify, matrix, email, apprise } = alerts;
    const { homeassistant, pushover, templates } = alerts;
    for (const channel of [telegram, webhook, ntfy, discord, slack, gotify, matrix, email]) {
      expect(channel).toBeNull();
    }
    expect([apprise, homeassistant, pushover]).toEqual([null, null, null]);
    expect(templates).toEqual({ title: null, body: null });
  });

  it('are set up by what each needs', () => {
    const { alerts } = readConfig({
      NTFY_URL: 'https://ntfy.sh/my-topic',
      DISCORD_WEBHOOK_URL: 'https://discord.com/api/webhooks/42/token',
      SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T1/B1/token',
      ...{ GOTIFY_URL: 'https://push.example.com', GOTIFY_TOKEN: 'token' },
      ...{ MATRIX_URL: 'https://matrix.org', MATRIX_ROOM: '!a:matrix.org', MATRIX_TOKEN: 'token' },
      ...{ SMTP_URL: 'smtps://me%40example.com@mail.example.com', SMTP_PASSWORD: 'pa55word' },
      ...{ SMTP_FROM: 'o@example.com', SMTP_TO: 'a@example.com, b@example.com' },
      ...{ APPRISE_URL: 'http://apprise:8000/notify/home', APPRISE_TAG: 'phones' },
      HOME_ASSISTANT_WEBHOOK_URL: 'http://ha.local:8123/api/webhook/id',
      ...{ PUSHOVER_TOKEN: KEY, PUSHOVER_USER: KEY },
    });
    expect(alerts).toMatchObject({
      ntfy: { url: 'https://ntfy.sh/my-topic', token: null },
      matrix: { room: '!a:matrix.org' },
      email: {
        ...{ host: 'mail.example.com', port: 465, isTls: true },
        login: { user: 'me@example.com', password: 'pa55word' },
        to: ['a@example.com', 'b@example.com'],
      },
      apprise: { tag: 'phones' },
      pushover: { token: KEY, user: KEY },
    });
  });

  it('by mail have the ports that mail servers have', () => {
    const of = (SMTP_URL: string) =>
      readConfig({ SMTP_URL, SMTP_FROM: 'o@example.com', SMTP_TO: 'a@example.com' }).alerts.email;
    expect(of('smtp://mail.example.com')).toMatchObject({ port: 587, isTls: false, login: null });
    expect(of('smtp://[::1]:2525')).toMatchObject({ host: '::1', port: 2525 });
  });

  it.each([
    [{ NTFY_URL: 'https://ntfy.sh' }, /NTFY_URL: must end in the name of a topic/],
    [{ NTFY_TOKEN: 'x' }, /NTFY_URL: must be set too, since NTFY_TOKEN is/],
    [{ DISCORD_WEBHOOK_URL: 'https://discord.com/channels/1' }, /must be the URL of a webhook/],
    [{ MATRIX_URL: 'https://a', MATRIX_ROOM: '#a:b', MATRIX_TOKEN: 'x' }, /MATRIX_ROOM: must be/],
    [{ SMTP_URL: 'smtp://a:hunter2@b' }, /SMTP_URL: must have no password in it/],
    [{ SMTP_URL: 'smtp://b', SMTP_FROM: 'o@b' }, /SMTP_TO: must be set too/],
    [{ SMTP_URL: 'smtp://b', SMTP_FROM: 'o@b', SMTP_TO: 'a' }, /SMTP_TO: must be addresses/],
    [{ APPRISE_URL: 'http://apprise:8000' }, /APPRISE_URL: must end in \/notify\//],
    [{ HOME_ASSISTANT_WEBHOOK_URL: 'http://ha:8123' }, /must end in \/api\/webhook\//],
    [{ PUSHOVER_TOKEN: 'short', PUSHOVER_USER: KEY }, /PUSHOVER_TOKEN: must be the token/],
    [{ ALERT_TITLE_TEMPLATE: '{name}' }, /ALERT_TITLE_TEMPLATE: has \{name\}, which is none of/],
  ])('are refused as %j, with what is wrong', (env, message) => {
    expect(() => readConfig(env)).toThrow(message);
    expect(() => readConfig(env)).not.toThrow(/hunter2/);
  });

  it('keep every secret out of what is said, and take it from a file', () => {
    const secret = 'https://example.com/s3cret';
    for (const [name, rest] of [
      ['DISCORD_WEBHOOK_URL', {}],
      ['HOME_ASSISTANT_WEBHOOK_URL', {}],
      ['NTFY_URL', {}],
      ['PUSHOVER_USER', { PUSHOVER_TOKEN: KEY }],
    ] as const) {
      const read = () => readConfig({ ...rest, [name]: `${secret}/but wrong/` });
      expect(read).toThrow(name);
      expect(read).not.toThrow(/s3cret/);
    }
    const folder = mkdtempSync(path.join(tmpdir(), 'channels-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'slack');
    writeFileSync(file, `${secret}\n`);
    const config = readConfig({ SLACK_WEBHOOK_URL_FILE: file });
    expect(config.alerts.slack).toEqual({ url: secret });
    // So that the log hides it too.
    expect(config.log.secrets).toContain(secret);
  });
});
