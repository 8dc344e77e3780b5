import { describe, expect, it } from 'vitest';
import { routes } from '../api/routes';
import { requestOf, tools } from './tools';

const tool = (name: string) => {
  const found = tools.get(name);
  if (!found) throw new Error(name);
  return found;
};

describe('tools', () => {
  it('are all calls that look but those that other programs of ours make, each by a name that clients accept', () => {
    expect([...tools.values()].map(({ path }) => path)).toEqual(
      Object.keys(routes).filter(
        (path) => path !== '/cluster/snapshot' && path !== '/widgets/view',
      ),
    );
    expect(tools.size).toBe(Object.keys(routes).length - 2);
    for (const name of tools.keys()) expect(name).toMatch(/^[a-z_]{2,50}$/);
    expect(tools.has('health_monitoring_uptime')).toBe(true);
    expect(tools.has('me')).toBe(true);
  });

  it('have the parameters of their call, those of the path required, and nothing that unmasks', () => {
    expect(Object.keys(tool('health_monitoring_uptime').properties)).toEqual([
      ...['hostname', 'hours', 'from', 'to', 'collector'],
    ]);
    expect(tool('health_monitoring_uptime').required).toEqual(['hostname']);
    expect(tool('models_metrics_history').required).toEqual(['model_name']);
    for (const { properties } of tools.values()) expect(properties).not.toHaveProperty('unmasked');
    expect(routes['/analytics/log-doctor'].query.shape).toHaveProperty('unmasked');
  });

  it('need the role that their call needs', () => {
    const admins = [...tools.values()].filter(({ needs }) => needs === 'admin');
    expect(admins.map(({ path }) => path)).toEqual([
      ...['/logs/search', '/logs/overview', '/audit', '/settings'],
    ]);
  });
});

describe('arguments', () => {
  it('become the query of the call, lists as repeated parameters; nulls are left out', () => {
    const { url, parts } = requestOf(tool('analytics_access_logs'), {
      hours: 48,
      bots: true,
      user: ['ana@example.com', '!bob@example.com'],
      q: null,
    });
    expect(url.pathname + url.search).toBe(
      '/analytics/access-logs?hours=48&bots=true&user=ana%40example.com&user=%21bob%40example.com',
    );
    expect(parts).toEqual({});
  });

  it('name the device in the path, whatever it is called', () => {
    const { url, parts } = requestOf(tool('health_monitoring_uptime'), { hostname: 'a b/c?d#e' });
    expect(url.pathname).toBe('/health-monitoring/uptime/a%20b%2Fc%3Fd%23e');
    expect(parts).toEqual({ hostname: 'a b/c?d#e' });
  });

  it.each(['.', '..', '%2e%2e', '../../audit'])('name no other call: %s', (hostname) => {
    const ask = () => requestOf(tool('health_monitoring_uptime'), { hostname });
    if (hostname.includes('/') || hostname.includes('%')) {
      expect(ask().url.pathname).toMatch(/^\/health-monitoring\/uptime\/[^/]+$/);
    } else expect(ask).toThrow(/hostname is not the name of a device/);
  });

  it.each([
    [{ surprise: 1 }, /surprise is not a parameter of this call/],
    [{ unmasked: true }, /unmasked is not a parameter of this call/],
    [{ constructor: 'x' }, /constructor is not a parameter/],
    [{ q: { deep: 1 } }, /q must be text, a number/],
    [{ user: [['nested']] }, /user must be text, a number/],
  ])('of another kind are refused: %j', (given, words) => {
    expect(() => requestOf(tool('analytics_access_logs'), given)).toThrow(words);
    expect(() => requestOf(tool('analytics_log_doctor'), { unmasked: 'true' })).toThrow(/unmasked/);
  });
});
