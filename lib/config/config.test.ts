import { describe, expect, it } from 'vitest';
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
    };
    const read = () => readConfig(env);
    expect(read).toThrow(ConfigError);
    for (const [name, value] of Object.entries(env)) {
      expect(read).toThrow(name);
      expect(read).toThrow(value);
    }
  });

  it('override a quota preset one limit at a time', () => {
    const { quotaPlan } = readConfig({ QUOTA_PLAN: 'free-2025', QUOTA_DEVICES: 'unlimited' });
    expect(quotaPlan.limits).toEqual({ users: 3, externalUsers: 3, devices: null });
  });
});
