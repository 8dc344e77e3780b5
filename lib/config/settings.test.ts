import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { isAppError } from '../domain/errors';
import { SETTING_NAMES } from '../domain/setting';
import { inLanguage } from '../i18n/on-server';
import { readConfig } from './config';
import { Settings } from './settings';

let env: Record<string, string>;
let file: string;
beforeEach(() => {
  const folder = mkdtempSync(path.join(tmpdir(), 'settings-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  file = path.join(folder, 'settings.json');
  env = { DATA_DIR: folder };
});
const of = (settings: Settings, name: string) =>
  settings.shown().find((setting) => setting.name === name);
const faultsOf = (work: () => void) => {
  try {
    work();
  } catch (error) {
    if (isAppError(error)) return error.faults;
  }
  return [];
};

describe('what is set on the page', () => {
  it('counts from the next start on, and is said to wait until then', () => {
    const settings = new Settings(env);
    expect(of(settings, 'TIME_ZONE')).toMatchObject({ source: 'default', value: null });
    settings.save({ TIME_ZONE: ' Europe/Madrid ', QUIET_HOURS: '22:00-07:00' });
    expect(of(settings, 'TIME_ZONE')).toEqual({
      ...{ name: 'TIME_ZONE', source: 'page', value: 'Europe/Madrid' },
      ...{ isSecret: false, isPending: true },
    });
    expect(readConfig(env).timeZone).toBe('Europe/Madrid');
    const restarted = new Settings(env);
    expect(of(restarted, 'TIME_ZONE')).toMatchObject({ isPending: false });
    restarted.save({ TIME_ZONE: null });
    expect(of(restarted, 'TIME_ZONE')).toMatchObject({ source: 'default', isPending: true });
    expect(of(restarted, 'QUIET_HOURS')).toMatchObject({ value: '22:00-07:00' });
    expect(readConfig(env).alerts.quiet).toHaveLength(1);
  });

  it('gives way to the environment, by a file too, which the page cannot change', () => {
    new Settings(env).save({ RETENTION_RAW_DAYS: '7', NTFY_URL: 'https://ntfy.sh/page' });
    const token = path.join(env.DATA_DIR ?? '', 'token');
    writeFileSync(token, 'https://ntfy.sh/file');
    const set = { ...env, RETENTION_RAW_DAYS: '14', NTFY_URL_FILE: token, QUIET_HOURS: '' };
    const settings = new Settings(set);
    expect(readConfig(set).retention.rawDays).toBe(14);
    expect(readConfig(set).alerts.ntfy?.url).toBe('https://ntfy.sh/file');
    expect(of(settings, 'RETENTION_RAW_DAYS')).toMatchObject({
      ...{ source: 'environment', value: '14' },
    });
    expect(of(settings, 'NTFY_URL')).toMatchObject({ source: 'environment', value: null });
    expect(of(settings, 'QUIET_HOURS')).toMatchObject({ source: 'default' });
    expect(() => settings.save({ RETENTION_RAW_DAYS: '9' })).toThrow('is set by the environment');
  });

  it('is refused with every fault, and then nothing is saved', () => {
    const settings = new Settings(env);
    settings.save({ RETENTION_RAW_DAYS: '7' });
    const faults = faultsOf(() =>
      settings.save({ RETENTION_RAW_DAYS: 'ever', QUIET_HOURS: 'night', GOTIFY_URL: 'https://a' }),
    );
    expect(faults.map(({ parameter }) => parameter).sort()).toEqual([
      'GOTIFY_TOKEN',
      'QUIET_HOURS',
      'RETENTION_RAW_DAYS',
    ]);
    expect(faultsOf(() => settings.save({ TAILSCALE_ADMINS: 'me@evil.example' }))).toEqual([
      { parameter: 'TAILSCALE_ADMINS', message: 'is not a setting of this page' },
    ]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ RETENTION_RAW_DAYS: '7' });
  });

  it('is refused in the language of who sets it', () => {
    const bad = {
      ...{
        PUBLIC_URL: 'x',
        TIME_ZONE: 'Madrit',
        ALERT_ROUTES: 'ntfy: severity=bad; x',
        QUIET_HOURS: 'night',
      },
      ...{
        DIGEST: 'daily',
        ALERT_TITLE_TEMPLATE: '{x}',
        ALERT_BODY_TEMPLATE: '{',
        OFFLINE_ALERT_SECONDS: 'x',
      },
      ...{ ALERT_THRESHOLDS: 'x', TRAFFIC_BUDGET: 'x', QUOTA_PLAN: 'x', QUOTA_USERS: 'x' },
      ...{ RETENTION_RAW_DAYS: '0', TELEGRAM_BOT_TOKEN: 'x', NTFY_URL: 'https://a.example' },
      ...{ DISCORD_WEBHOOK_URL: 'https://a.example', MATRIX_ROOM: 'x', SMTP_URL: 'smtp://a:b@c' },
      ...{ SMTP_FROM: 'x', SMTP_TO: 'x', APPRISE_URL: 'https://a.example', PUSHOVER_TOKEN: 'x' },
      ...{ PUSHOVER_USER: 'x', HOME_ASSISTANT_WEBHOOK_URL: 'https://a.example', NOTHING: 'x' },
    };
    const settings = new Settings(env);
    const refused = Object.entries(bad).flatMap(([name, value]) =>
      inLanguage('es', () => faultsOf(() => settings.save({ [name]: value }))),
    );
    expect(new Set(refused.map(({ parameter }) => parameter))).toEqual(
      new Set([...Object.keys(bad), 'TELEGRAM_CHAT_ID', 'MATRIX_TOKEN']),
    );
    const english = /\b(must|is|has|the|such|not|which|there|given)\b/;
    expect(refused.map(({ message }) => `${message}`).filter((text) => english.test(text))).toEqual(
      [],
    );
  });

  it('is a secret of this user’s where it is one, and never shown or repeated', () => {
    const settings = new Settings(env);
    settings.save({ GOTIFY_URL: 'https://push.example.com', GOTIFY_TOKEN: 's3cret-token' });
    expect(JSON.stringify(settings.shown())).not.toContain('s3cret');
    expect(of(settings, 'GOTIFY_TOKEN')).toMatchObject({ source: 'page', isSecret: true });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readConfig(env).log.secrets).toContain('s3cret-token');
    const faults = faultsOf(() => settings.save({ TELEGRAM_BOT_TOKEN: 's3cret, and malformed' }));
    expect(faults.length).toBeGreaterThan(0);
    expect(JSON.stringify(faults)).not.toContain('s3cret');
  });

  it('is described where the settings of the environment are', () => {
    const described = readFileSync('docs/CONFIGURATION.md', 'utf8');
    for (const name of SETTING_NAMES) expect(described).toContain(`\`${name}\``);
  });

  it('prevents a start while it cannot be read, with where it is', () => {
    for (const broken of ['{', '{"NO_SUCH_SETTING":"1"}', '{"QUIET_HOURS":1}']) {
      writeFileSync(file, broken);
      expect(() => readConfig(env)).toThrow(`${file} cannot be used`);
    }
  });
});
