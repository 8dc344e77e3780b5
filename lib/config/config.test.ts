import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemTimeZone } from '../domain/time-zone';
import { ConfigError, readConfig } from './config';

describe('the settings', () => {
  it('need nothing set', () => {
    const config = readConfig({});
    expect(config.accessLog.pattern).toBeNull();
    expect(config.retention).toEqual({ rawDays: 30, rollupDays: 730 });
    expect(config.tailscale.demo).toBe('auto');
  });

  it('treat an empty variable as one not set, as compose files write them', () => {
    expect(readConfig({ ACCESS_LOG: '', DEMO: '', RETENTION_RAW_DAYS: '' })).toEqual(
      readConfig({}),
    );
  });

  it('report every fault at once, each naming its variable and what it holds', () => {
    const env = {
      RETENTION_RAW_DAYS: 'ever',
      DEMO: 'yes',
      COLLECT_SCHEDULE: 'often',
      TAILSCALE_PROXY_URL: 'file:///etc/passwd',
      QUOTA_USERS: '-1',
      MODEL_LIMITS: 'strict',
    };
    const read = () => readConfig(env);
    expect(read).toThrow(ConfigError);
    for (const [name, value] of Object.entries(env)) {
      expect(read).toThrow(name);
      expect(read).toThrow(value);
    }
  });

  it('take the system’s time zone unless one is set, and propose one for a name that is none', () => {
    expect(readConfig({}).timeZone).toBe(systemTimeZone());
    expect(readConfig({ TZ: ':/etc/localtime' }).timeZone).toBe(systemTimeZone());
    expect(readConfig({ TZ: 'Asia/Kolkata' }).timeZone).toBe('Asia/Kolkata');
    expect(readConfig({ TZ: 'Asia/Kolkata', TIME_ZONE: 'UTC' }).timeZone).toBe('UTC');
    expect(() => readConfig({ TIME_ZONE: 'Europe/Madird' })).toThrow('did you mean Europe/Madrid');
    expect(() => readConfig({ TIME_ZONE: 'Madrid' })).toThrow('Europe/Madrid');
    expect(() => readConfig({ TIME_ZONE: 'UTC+25' })).toThrow('TIME_ZONE: must be the name');
  });

  it('take the first language that is known, however a host writes it', () => {
    const of = (LANGUAGE: string) => readConfig({ LANGUAGE }).language;
    expect(readConfig({}).language).toBe('en');
    expect(['es', 'ES', 'es-MX', 'es_ES.UTF-8', 'de:es:en', 'en_US:en'].map(of)).toEqual([
      'es',
      'es',
      'es',
      'es',
      'es',
      'en',
    ]);
    expect(['', 'C', 'C.UTF-8', 'tlh', ':', '__proto__'].map(of)).toEqual(Array(6).fill('en'));
  });

  it('open badges by their names and frames to sites, and nothing that is neither', () => {
    const { opened } = readConfig({
      PUBLIC_BADGES: 'online/NAS, uptime',
      EMBED_ORIGINS: 'https://Home.example.com,http://*.lan:8080',
    }).access;
    expect([...opened.publicBadges]).toEqual(['online/nas', 'uptime']);
    expect(opened.embedOrigins).toEqual(['https://home.example.com', 'http://*.lan:8080']);
    expect(readConfig({}).access.opened).toEqual({ publicBadges: new Set(), embedOrigins: [] });
    for (const PUBLIC_BADGES of ['nas', 'online/', 'online/a/b', '*', 'memory/nas']) {
      expect(() => readConfig({ PUBLIC_BADGES })).toThrow(/PUBLIC_BADGES: .* is not a badge/);
    }
    for (const site of ['home.example.com', 'https://a.example/x', "https://a; script-src '*'"]) {
      expect(() => readConfig({ EMBED_ORIGINS: site })).toThrow(
        /EMBED_ORIGINS: .* is not the addr/,
      );
    }
  });

  it('override a quota preset one limit at a time', () => {
    const { quotaPlan } = readConfig({ QUOTA_PLAN: 'free-2025', QUOTA_DEVICES: 'unlimited' });
    expect(quotaPlan.limits).toEqual({ users: 3, externalUsers: 3, devices: null });
  });
});

describe('a secret in a file', () => {
  const webhook = { ALERT_WEBHOOK_URL: 'https://example.com/hook' };
  let folder: string;
  const file = (name: string, text: string) => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'secret-files-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is what the file holds, without the white space around it', () => {
    const ALERT_WEBHOOK_SECRET_FILE = file('secret', ' s3cret\n\n');
    const { alerts } = readConfig({ ...webhook, ALERT_WEBHOOK_SECRET_FILE });
    expect(alerts.webhook?.secret).toBe('s3cret');
    const TELEGRAM_BOT_TOKEN_FILE = file('token', '123456:TEST-token_of_a_bot_that_is_none\n');
    const telegram = { TELEGRAM_CHAT_ID: '42', TELEGRAM_BOT_TOKEN_FILE };
    expect(readConfig(telegram).alerts.telegram?.token).toContain('123456:');
  });

  it('that cannot be read is reported by its variable, with every other fault, and never shown', () => {
    mkdirSync(path.join(folder, 'folder'));
    const env = {
      ALERT_WEBHOOK_SECRET_FILE: path.join(folder, 'missing'),
      TELEGRAM_BOT_TOKEN_FILE: file('token', 'not a token'),
      DEMO: 'yes',
    };
    const read = () => readConfig({ ...webhook, TELEGRAM_CHAT_ID: '42', ...env });
    expect(read).toThrow(/ALERT_WEBHOOK_SECRET_FILE: .*missing.*ENOENT/);
    expect(read).toThrow(/TELEGRAM_BOT_TOKEN: must be a bot token/);
    expect(read).toThrow(/DEMO: /);
    expect(read).not.toThrow(/not a token/);
    for (const [value, why] of [
      [path.join(folder, 'folder'), 'not a file'],
      [file('empty', ' \n'), 'empty'],
      [file('large', 'x'.repeat(70_000)), 'larger than 64 KiB'],
    ] as const) {
      const faulty = () => readConfig({ ...webhook, ALERT_WEBHOOK_SECRET_FILE: value });
      expect(faulty).toThrow(new RegExp(`ALERT_WEBHOOK_SECRET_FILE: .*${why}`));
    }
  });

  it('does not compete with the variable itself', () => {
    const both = {
      ...webhook,
      ALERT_WEBHOOK_SECRET: 'a',
      ALERT_WEBHOOK_SECRET_FILE: file('s', 'b'),
    };
    expect(() => readConfig(both)).toThrow(
      /ALERT_WEBHOOK_SECRET_FILE: ALERT_WEBHOOK_SECRET is set too/,
    );
  });

  it('is not asked for by an empty variable, as compose files write them', () => {
    expect(readConfig({ ALERT_WEBHOOK_SECRET_FILE: '' })).toEqual(readConfig({}));
  });
});
