import { beforeEach, describe, expect, it } from 'vitest';
import type { Notifier } from '../alerts/notifier';
import { Outbox } from '../alerts/outbox';
import { alert, testStore } from '../alerts/test-doubles';
import { alertRoutes, quietHours } from '../config/routes';
import type { Alert } from '../domain/alert';
import type { Notice } from '../domain/notice';
import { testDevice } from '../domain/test-device';
import { zoneNamed } from '../domain/time-zone';
import type { Stores } from '../store/ports/stores';
import { HOUR, MINUTE } from '../util/time';

/** Madrid is an hour ahead of UTC then; it is a Friday. */
const ZONE = zoneNamed('Europe/Madrid');
const madrid = (clock: string, day = '27') => Date.parse(`2026-11-${day}T${clock}:00+01:00`);

const NAS = testDevice('n1', { name: 'nas', tags: ['tag:prod'], user: null });
const LAPTOP = testDevice('n2', {
  name: 'laptop',
  user: { id: '7', login: 'alice@example.com', name: 'Alice' },
});

describe('a channel with routes or quiet hours', () => {
  let store: Stores;
  let clock: number;
  let got: string[];
  let number: number;
  beforeEach(async () => {
    ({ store } = await testStore());
    clock = madrid('12:00');
    got = [];
    number = 0;
  });

  const notifier: Notifier = {
    name: 'ntfy',
    minGapMs: 0,
    async send({ message: { news } }, beforeBytes) {
      await beforeBytes();
      got.push(
        news
          .map(({ notice: { kind, alert }, suppressed }) => `${kind} ${alert.topic} +${suppressed}`)
          .join(', '),
      );
      return { state: 'sent' };
    },
  };
  const outbox = (routes: string, quiet = '') =>
    new Outbox({
      store,
      notifier,
      now: () => clock,
      policy: {
        routes: alertRoutes.parse(routes).ntfy ?? null,
        quiet: quietHours.parse(quiet),
        zone: ZONE,
        deviceOf: (id) => [NAS, LAPTOP].find((device) => device.id === id) ?? null,
      },
    });
  const happens = (topic: string, more: Partial<Alert> = {}, kind: Notice['kind'] = 'fired') =>
    store.alerts.saveEvaluation({
      ...{ changed: [], vanished: [], channels: ['ntfy'], notified: [] },
      notices: [{ kind, at: clock, alert: alert({ id: ++number, topic, since: clock, ...more }) }],
    });
  const pass = async (box: Outbox, until: number) => {
    for (; clock < until; clock += MINUTE) await box.run();
  };
  const soon = () => clock + 10 * MINUTE;

  it.each([
    ['ntfy: severity=critical', 'nas-critical'],
    ['ntfy: severity=warning+', 'nas-critical, laptop, gone, plan'],
    ['ntfy: device=nas', 'nas-critical'],
    ['ntfy: device=!nas', 'laptop, gone, plan'],
    ['ntfy: device=n1,lap*', 'nas-critical, laptop'],
    // What is not known of a device that is gone rules nothing out.
    ['ntfy: tag=prod', 'nas-critical, gone'],
    ['ntfy: owner=*@example.com', 'laptop, gone'],
    ['ntfy: owner=!alice@example.com', 'nas-critical, gone, plan'],
    [
      'ntfy: severity=critical; ntfy: owner=alice@example.com device=laptop',
      'nas-critical, laptop',
    ],
    ['ntfy: hours=11:00-13:00 days=fri', 'nas-critical, laptop, gone, plan'],
    ['ntfy: days=sat', ''],
    ['', 'nas-critical, laptop, gone, plan'],
  ])('by %s sends %s, and forgets the rest', async (routes, expected) => {
    await happens('nas-critical', { nodeId: 'n1', hostname: 'nas', severity: 'critical' });
    await happens('laptop', { nodeId: 'n2', hostname: 'laptop' });
    await happens('gone', { nodeId: 'n9', hostname: 'gone' });
    await happens('plan', { nodeId: null, hostname: null });
    await pass(outbox(routes), soon());
    const topics = got.flatMap((text) => text.split(', ')).map((text) => text.split(' ')[1]);
    expect(topics.join(', ')).toBe(expected);
    expect(await store.notices.waiting('ntfy')).toEqual([]);
  });

  it('sends the end of what it sent, at whatever hour, and of nothing else', async () => {
    const box = outbox('ntfy: hours=08:00-13:00');
    const began = clock;
    await happens('a', { id: 50 });
    await pass(box, madrid('14:00'));
    await happens('b', { id: 60 });
    await pass(box, soon());
    await happens('a', { id: 50, since: began, resolvedAt: clock }, 'resolved');
    await happens('b', { id: 60, since: madrid('14:00'), resolvedAt: clock }, 'resolved');
    await pass(box, soon());
    expect(got).toEqual(['fired a +0', 'resolved a +0']);
  });

  it('is silent in quiet hours, then says in one message how it stands', async () => {
    const box = outbox('', '22:00-07:00');
    clock = madrid('21:50');
    await happens('evening');
    await pass(box, madrid('22:30'));
    await happens('a', { id: 70 });
    await pass(box, madrid('23:30'));
    await happens('a', { id: 70, resolvedAt: clock }, 'resolved');
    await happens('b');
    await pass(box, madrid('07:00', '28'));
    expect(got).toEqual(['fired evening +0']);
    await pass(box, madrid('07:01', '28'));
    expect(got.slice(1)).toEqual(['resolved a +1, fired b +0']);
    await happens('c');
    await happens('d');
    await pass(box, soon());
    expect(got.slice(2)).toEqual(['fired c +0', 'fired d +0']);
  });

  it('lets what is critical pass, if wished, and its end', async () => {
    const box = outbox('', '22:00-07:00 except critical');
    clock = madrid('23:00');
    const began = clock;
    await happens('fire', { id: 80, severity: 'critical' });
    await happens('smoke');
    await pass(box, madrid('23:30'));
    expect(got).toEqual(['fired fire +0']);
    const over = { id: 80, severity: 'critical' as const, since: began, resolvedAt: clock };
    await happens('fire', over, 'resolved');
    await pass(box, madrid('23:59'));
    expect(got).toEqual(['fired fire +0', 'resolved fire +0']);
  });

  it('keeps what waits over a restart, and where the clock changes', async () => {
    clock = Date.parse('2027-03-27T23:00:00+01:00');
    await happens('a');
    await pass(outbox('', '22:00-07:00'), clock + HOUR);
    // Clocks go from 02:00 to 03:00 in this night: seven o'clock is seven hours after eleven.
    await pass(outbox('', '22:00-07:00'), Date.parse('2027-03-28T07:00:00+02:00'));
    expect(got).toEqual([]);
    await pass(outbox('', '22:00-07:00'), Date.parse('2027-03-28T07:01:00+02:00'));
    expect(got).toEqual(['fired a +0']);
  });
});
