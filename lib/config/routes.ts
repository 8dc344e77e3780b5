import * as z from 'zod';
import { SEVERITIES, type Severity } from '../domain/alert';
import type { AlertRoute, Names, QuietHours } from '../domain/alert-route';
import { CHANNEL_NAMES, type ChannelName } from '../domain/channel-name';
import { nearestNames } from '../domain/nearest-names';
import { t } from '../i18n/t';
import { empty, list } from './fields';
import { daysOf, hoursOf } from './hours';

/** Which alerts each channel is for; one that has no route is for all. */
export type AlertRoutes = Partial<Record<string, AlertRoute[]>>;

/** Says what is wrong with a part of a setting. */
class Fault extends Error {}

const EVERYTHING: AlertRoute = {
  severities: null,
  devices: null,
  tags: null,
  owners: null,
  hours: null,
};

/** A setting of parts that are separated by semicolons or line breaks; every fault in them is reported. */
const partsOf = <T>(read: (part: string) => T) =>
  z.preprocess(
    (value) => empty(value) ?? '',
    z.string().transform((value, context): T[] =>
      value
        .split(/[;\n]/)
        .map((part) => part.trim())
        .filter((part) => part !== '')
        .flatMap((part) => {
          try {
            return [read(part)];
          } catch (error) {
            if (!(error instanceof Fault)) throw error;
            const message = `${JSON.stringify(part)} ${error.message}`;
            context.addIssue({ code: 'custom', message });
            return [];
          }
        }),
    ),
  );

/** `pushover: severity=critical; discord: device=nas,web-* hours=08:00-22:00` */
export const alertRoutes = partsOf(routeOf).transform((routes): AlertRoutes => {
  const byChannel: AlertRoutes = {};
  for (const { channel, route } of routes) {
    byChannel[channel] = [...(byChannel[channel] ?? []), route];
  }
  return byChannel;
});

function routeOf(part: string): { channel: ChannelName; route: AlertRoute } {
  const colon = part.indexOf(':');
  const name = part.slice(0, Math.max(0, colon)).trim().toLowerCase();
  const channel = CHANNEL_NAMES.find((known) => known === name);
  if (channel === undefined) {
    throw new Fault(t('settingFaults.routeChannel', { names: CHANNEL_NAMES.join(', ') }));
  }
  const words = part
    .slice(colon + 1)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) {
    throw new Fault(t('settingFaults.noCondition'));
  }
  let route = EVERYTHING;
  let days: number[] | null = null;
  const seen = new Set<string>();
  for (const word of words) {
    const at = word.indexOf('=');
    const [key, value] = [word.slice(0, Math.max(0, at)), word.slice(at + 1)];
    if (seen.has(key)) throw new Fault(t('settingFaults.keyTwice', { key }));
    seen.add(key);
    if (key === 'days') days = daysIn(value);
    else route = { ...route, ...conditionOf(key, value, word) };
  }
  if (days === null) return { channel, route };
  const { from, to } = route.hours ?? { from: 0, to: 24 * 60 };
  return { channel, route: { ...route, hours: { days, from, to } } };
}

const KEYS = ['severity', 'device', 'tag', 'owner', 'hours', 'days'];

function conditionOf(key: string, value: string, word: string): Partial<AlertRoute> {
  switch (key) {
    case 'severity':
      return { severities: severitiesOf(value) };
    case 'device':
      return { devices: namesOf(value, word) };
    case 'tag':
      return { tags: namesOf(value, word, (tag) => (tag.startsWith('tag:') ? tag : `tag:${tag}`)) };
    case 'owner':
      return { owners: namesOf(value, word) };
    case 'hours': {
      const hours = hoursOf(value);
      if (hours === null) throw new Fault(t('settingFaults.hours', { word }));
      return { hours };
    }
    default: {
      const [near] = nearestNames(key, KEYS, 1);
      const keys = `${KEYS.join('=, ')}=`;
      throw new Fault(
        near
          ? t('settingFaults.noKeyBut', { word, keys, near })
          : t('settingFaults.noKey', { word, keys }),
      );
    }
  }
}

/** `critical`, `warning,critical`, or `warning+` for that and what is worse. */
function severitiesOf(value: string): Severity[] {
  return list(value.toLowerCase()).flatMap((word) => {
    const name = word.replace(/\+$/, '');
    const severity = SEVERITIES.find((known) => known === name);
    if (severity === undefined) {
      throw new Fault(
        t('settingFaults.severity', { word, known: `${SEVERITIES.join(', ')}, warning+` }),
      );
    }
    return word.endsWith('+') ? SEVERITIES.slice(SEVERITIES.indexOf(severity)) : [severity];
  });
}

/** `nas,web-*`; `!printer` is all others. */
function namesOf(value: string, word: string, named = (name: string) => name): Names {
  const names = list(value.toLowerCase().replaceAll(/\.(?=,|$)/g, ''));
  if (names.length === 0 || names.includes('!'))
    throw new Fault(t('settingFaults.noName', { word }));
  const isNot = (name: string) => name.startsWith('!');
  return {
    some: names.filter((name) => !isNot(name)).map(named),
    none: names.filter(isNot).map((name) => named(name.slice(1))),
  };
}

function daysIn(value: string): number[] {
  const days = daysOf(value);
  if (days === null) throw new Fault(t('settingFaults.days', { value }));
  return days;
}

/** `22:00-07:00 except critical; sat,sun 07:00-10:00` */
export const quietHours = partsOf((part): QuietHours => {
  const [when = '', ...exceptions] = part.toLowerCase().split(/\s+except\s+/);
  const words = when.split(/\s+/);
  const hours = hoursOf(words.at(-1) ?? '');
  const days = words.length === 2 ? daysOf(words[0] ?? '') : null;
  const isFaulty = words.length > 2 || (words.length === 2 && days === null);
  if (hours === null || isFaulty || exceptions.length > 1)
    throw new Fault(t('settingFaults.quiet'));
  const except = severitiesOf((exceptions[0] ?? '').replaceAll(/\s+/g, ''));
  return { hours: { ...hours, days }, except };
});
