import { describe, expect, it } from 'vitest';
import { readConfig } from './config';
import { digestPlan } from './digest';
import { alertRoutes, quietHours } from './routes';

const ANY = { severities: null, devices: null, tags: null, owners: null, hours: null };
const names = (some: string[], none: string[] = []) => ({ some, none });
const faultsOf = (field: typeof alertRoutes | typeof quietHours, value: string) =>
  (field.safeParse(value).error?.issues ?? []).map(({ message }) => message);

describe('ALERT_ROUTES', () => {
  it('is of conditions by channel; one of several routes to a channel is enough', () => {
    expect(
      alertRoutes.parse(
        'pushover: severity=critical;\n Discord: severity=warning+ device=nas,!web-*\n' +
          'discord: tag=prod,tag:db owner=*@example.com hours=22:00-07:00 days=mon-fri;',
      ),
    ).toEqual({
      pushover: [{ ...ANY, severities: ['critical'] }],
      discord: [
        { ...ANY, severities: ['warning', 'critical'], devices: names(['nas'], ['web-*']) },
        {
          ...{ ...ANY, tags: names(['tag:prod', 'tag:db']), owners: names(['*@example.com']) },
          hours: { days: [0, 1, 2, 3, 4], from: 1_320, to: 420 },
        },
      ],
    });
  });

  it('takes days without hours as whole days, and names with a dot at their end', () => {
    expect(alertRoutes.parse('ntfy: days=sat,sun device=nas.tail1234.ts.net.')).toEqual({
      ntfy: [
        {
          ...{ ...ANY, devices: names(['nas.tail1234.ts.net']) },
          hours: { days: [5, 6], from: 0, to: 1_440 },
        },
      ],
    });
  });

  it('is none when it is not set', () => {
    for (const unset of [undefined, '', ' ; ']) expect(alertRoutes.parse(unset)).toEqual({});
  });

  it.each([
    ['severity=critical', '"severity=critical" must begin with a channel and a colon: one of tele'],
    ['sms: severity=critical', 'must begin with a channel and a colon'],
    ['ntfy:', '"ntfy:" has no condition'],
    ['ntfy: severity=bad', 'has severity bad, which is none of info, warning, critical'],
    ['ntfy: devices=nas', 'has devices=nas, which begins with none of severity=, device=, tag='],
    ['ntfy: devices=nas', 'did you mean device=?'],
    ['ntfy: device=', 'has device= without a name'],
    ['ntfy: device=nas device=git', 'has device= twice; separate its values by commas'],
    ['ntfy: hours=8-22', 'has hours=8-22, which must be such as hours=08:00-22:00'],
    ['ntfy: hours=08:60-22:00', 'must be such as'],
    ['ntfy: days=weekend', 'has days=weekend, which must be such as mon-fri or sat,sun'],
    ['ntfy: nas', 'has nas, which begins with none of'],
  ])('is refused as %s, with what is wrong', (value, words) => {
    expect(faultsOf(alertRoutes, value)).toEqual([expect.stringContaining(words)]);
  });

  it('reports each faulty route, and one to a channel that is not set up', () => {
    expect(faultsOf(alertRoutes, 'a: b=c; ntfy: x=y; ntfy: severity=info')).toHaveLength(2);
    expect(() => readConfig({ ALERT_ROUTES: 'ntfy: severity=critical' })).toThrow(
      'ALERT_ROUTES: ntfy is not set up, so nothing can go there',
    );
  });
});

describe('QUIET_HOURS', () => {
  it('are of every day, or of days of the week, with what passes', () => {
    expect(
      quietHours.parse('22:00-07:00 except critical; sat,sun 7:00-10:30; fri-mon 12:00-12:00'),
    ).toEqual([
      { hours: { days: null, from: 1_320, to: 420 }, except: ['critical'] },
      { hours: { days: [5, 6], from: 420, to: 630 }, except: [] },
      { hours: { days: [4, 5, 6, 0], from: 720, to: 720 }, except: [] },
    ]);
    expect(quietHours.parse('')).toEqual([]);
    expect(quietHours.parse('22:00-24:00 except warning+')[0]).toMatchObject({
      except: ['warning', 'critical'],
    });
  });

  it.each(['night', '22-7', '22:00', '22:00-07:00 critical', 'mon tue 22:00-07:00', '24:00-07:00'])(
    'are refused as %s, with an example',
    (value) => expect(faultsOf(quietHours, value)[0]).toContain('must be such as 22:00-07:00'),
  );

  it('are refused with an exception that is no severity', () => {
    expect(faultsOf(quietHours, '22:00-07:00 except fire')[0]).toContain('has severity fire');
  });
});

describe('DIGEST', () => {
  it('is of every day or of a day of the week, to all channels or to some', () => {
    expect(digestPlan.parse('daily 08:00')).toEqual({ weekday: null, minute: 480, channels: null });
    expect(digestPlan.parse('Weekly mon 7:30 to email, ntfy')).toEqual({
      ...{ weekday: 0, minute: 450, channels: ['email', 'ntfy'] },
    });
    expect(digestPlan.parse('')).toBeUndefined();
  });

  it.each([
    ['08:00', 'must be such as daily 08:00'],
    ['weekly 08:00', 'must be such as daily 08:00'],
    ['weekly moon 08:00', 'must be such as daily 08:00'],
    ['weekly xyz 08:00', 'must be such as daily 08:00'],
    ['daily 24:00', 'must be such as daily 08:00'],
    ['daily 08:00 to sms', 'names a channel that there is not; there are telegram'],
  ])('is refused as %s, with what is wrong', (value, words) => {
    const [issue] = digestPlan.safeParse(value).error?.issues ?? [];
    expect(issue?.message).toContain(words);
  });

  it('is refused to a channel that is not set up', () => {
    expect(() => readConfig({ DIGEST: 'daily 08:00 to email' })).toThrow(
      'DIGEST: email is not set up, so nothing can go there',
    );
  });
});
