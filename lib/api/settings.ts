import * as z from 'zod';
import { CHANNEL_NAMES, type ChannelName } from '../domain/channel-name';
import { AppError } from '../domain/errors';
import { say, spoken } from '../domain/said';
import { SETTING_NAMES, SETTING_SOURCES } from '../domain/setting';
import type { CollectorServices, Services } from '../services';
import type { TestResult } from './alerts';

export const settingsSchema = z.object({
  settings: z.array(
    z.object({
      name: z.enum(SETTING_NAMES).describe('that of the environment'),
      source: z.enum(SETTING_SOURCES).describe('what the environment says counts'),
      value: z.string().nullable().describe('null: it has none, or is a secret'),
      secret: z.boolean(),
      pending: z.boolean().describe('changed on the page, and counts from the next start on'),
    }),
  ),
});
export type SettingsResponse = z.infer<typeof settingsSchema>;
export type SettingResponse = SettingsResponse['settings'][number];

export const settingsBody = z.strictObject({
  values: z
    .record(z.string(), z.string().max(4_000).nullable())
    .describe('by name; null for none. All others stay'),
});

export const testChannelBody = z.strictObject({ channel: z.enum(CHANNEL_NAMES) });

/** Returns the settings that the page can set; no secret is in it. Throws `AppError` on a replica. */
export function settings({ own }: Services): SettingsResponse {
  if (own === null) throw new AppError('not_found', say('problems.replica'));
  return {
    settings: own.settings.shown().map(({ isSecret, isPending, ...rest }) => ({
      ...{ ...rest, secret: isSecret, pending: isPending },
    })),
  };
}

/** Saves settings. Throws `InvalidInput` with every fault. */
export async function saveSettings(
  services: CollectorServices,
  { values }: z.output<typeof settingsBody>,
): Promise<SettingsResponse> {
  services.own.settings.save(values);
  return settings(services);
}

/** Sends a test by a channel as it is saved. */
export async function testChannel(
  { own }: CollectorServices,
  channel: ChannelName,
): Promise<TestResult> {
  const delivery = await own.settings.test(channel);
  if (delivery === null) return { channels: [] };
  const error = delivery.state === 'sent' ? null : spoken(delivery.error);
  return { channels: [{ name: channel, sent: error === null, error }] };
}
