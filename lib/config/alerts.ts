import * as z from 'zod';
import type { QuietHours } from '../domain/alert-route';
import { CHANNEL_NAMES, type ChannelName } from '../domain/channel-name';
import type { DigestPlan } from '../domain/digest';
import { type MessageTemplates, templateFault } from '../domain/message-template';
import { t } from '../i18n/t';
import { SECOND } from '../util/time';
import { type ChannelsConfig, channelFields, channelsConfig } from './channels';
import { digestPlan, missingChannels } from './digest';
import { empty, httpUrl, json, says, wholeOr } from './fields';
import { type AlertRoutes, alertRoutes, quietHours } from './routes';

const positive = z.number().positive().optional();
const share = z.number().min(0).max(1).optional();
const thresholdsByDevice = z.record(
  z.string(),
  z.strictObject({
    latencyMs: positive,
    latencyClearMs: positive,
    offlineAfterMs: positive,
    lossRaise: share,
    lossClear: share,
  }),
);

const template = z.preprocess(
  empty,
  z
    .string()
    .max(2_000, says('faults.longest', { max: 2_000 }))
    .superRefine((value, context) => {
      const fault = templateFault(value);
      if (fault !== null) context.addIssue({ code: 'custom', message: fault });
    })
    .optional(),
);

/** The settings of alerts and of the channels their messages go to. */
export const alertFields = {
  OFFLINE_ALERT_SECONDS: wholeOr(300, 1, 86_400),
  ALERT_THRESHOLDS: json(
    thresholdsByDevice,
    '{"git":{"latencyMs":200,"latencyClearMs":150,"offlineAfterMs":60000}}',
  ),
  PUBLIC_URL: httpUrl,
  ALERT_TITLE_TEMPLATE: template,
  ALERT_BODY_TEMPLATE: template,
  ALERT_ROUTES: alertRoutes,
  QUIET_HOURS: quietHours,
  DIGEST: digestPlan,
  ...channelFields,
};

export type AlertsConfig = ChannelsConfig & {
  offlineAfterMs: number;
  /** Overrides for single devices, by host name. */
  byDevice: z.infer<typeof thresholdsByDevice>;
  /** The public URL of the dashboard, for links in messages; without a trailing slash. */
  publicUrl: string | null;
  templates: MessageTemplates;
  routes: AlertRoutes;
  quiet: QuietHours[];
  /** `null`: none is sent. */
  digest: DigestPlan | null;
};

/** Returns the alerts' settings. */
export function alertsConfig(e: z.output<z.ZodObject<typeof alertFields>>): AlertsConfig {
  return {
    ...channelsConfig(e),
    offlineAfterMs: e.OFFLINE_ALERT_SECONDS * SECOND,
    byDevice: e.ALERT_THRESHOLDS,
    publicUrl: e.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    templates: { title: e.ALERT_TITLE_TEMPLATE ?? null, body: e.ALERT_BODY_TEMPLATE ?? null },
    routes: e.ALERT_ROUTES,
    quiet: e.QUIET_HOURS,
    digest: e.DIGEST ?? null,
  };
}

/** Returns what is wrong with settings that send something to channels that are not set up. */
export function channelFaults(alerts: AlertsConfig): string[] {
  const isSetUp = (name: ChannelName) => alerts[name] !== null;
  const fault = (setting: string, name: ChannelName) =>
    `${setting}: ${t('settingFaults.noChannel', { name })}`;
  const routed = CHANNEL_NAMES.filter((name) => alerts.routes[name] && !isSetUp(name));
  const digested = missingChannels(alerts.digest, isSetUp);
  return [
    ...routed.map((name) => fault('ALERT_ROUTES', name)),
    ...digested.map((name) => fault('DIGEST', name)),
  ];
}
