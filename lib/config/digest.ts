import * as z from 'zod';
import { CHANNEL_NAMES, type ChannelName } from '../domain/channel-name';
import type { DigestPlan } from '../domain/digest';
import { t } from '../i18n/t';
import { empty, list } from './fields';
import { daysOf, minuteOf } from './hours';

/** `daily 08:00`, `weekly mon 08:00`, with the channels behind `to` where it is not for all. */
export const digestPlan = z.preprocess(
  empty,
  z
    .string()
    .transform((value, context): DigestPlan => {
      const fault = (message: string) => {
        context.addIssue({ code: 'custom', message });
        return z.NEVER;
      };
      const [when = '', ...where] = value
        .trim()
        .toLowerCase()
        .split(/\s+to\s+/);
      const [, weekly, time = ''] = /^(?:daily|weekly\s+([a-z]{3}))\s+(\S+)$/.exec(when) ?? [];
      const [weekday = null] = weekly === undefined ? [] : (daysOf(weekly) ?? []);
      const minute = minuteOf(time);
      const isFaulty = minute === null || minute === 1_440 || where.length > 1;
      if (isFaulty || (weekly !== undefined && weekday === null))
        return fault(t('settingFaults.digest'));
      const names = list(where[0]);
      const channels = names.flatMap((name) => CHANNEL_NAMES.find((known) => known === name) ?? []);
      if (channels.length < names.length || (where.length > 0 && names.length === 0)) {
        return fault(t('settingFaults.unknownChannel', { names: CHANNEL_NAMES.join(', ') }));
      }
      return { weekday, minute, channels: where.length === 0 ? null : channels };
    })
    .optional(),
);

/** Returns which of a digest's channels are not set up. */
export const missingChannels = (
  plan: DigestPlan | null,
  isSetUp: (name: ChannelName) => boolean,
): ChannelName[] => (plan?.channels ?? []).filter((name) => !isSetUp(name));
