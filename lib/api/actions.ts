import { shownId } from '../domain/collector-id';
import { AppError } from '../domain/errors';
import { say } from '../domain/said';
import { action, nothing } from './act';
import {
  acknowledge,
  mute,
  muteBody,
  testAlerts,
  testResultSchema,
  unacknowledge,
  unmute,
} from './alerts';
import { alertText, muteText, unmuteText } from './audit-text';
import { alertSchema, muteSchema } from './health-schemas';
import { recordedSchema, reportBody } from './model-schemas';
import { report } from './models';
import {
  saveSettings,
  settingsBody,
  settingsSchema,
  testChannel,
  testChannelBody,
} from './settings';
import { linkBody, linkSchema } from './widget-schemas';
import { linkText, makeLink } from './widgets';

/** Each collector has settings of its own, which a replica does not change. */
function notHere(): never {
  throw new AppError('not_found', say('problems.replica'));
}

/** Every call that changes something: one entry serves, validates, documents, audits and forwards it. */
export const actions = {
  acknowledge: action({
    method: 'POST',
    path: '/health-monitoring/alerts/{id}/acknowledge',
    summary: 'Records that a firing alert was seen',
    response: alertSchema,
    name: 'acknowledge',
    target: ({ id }, services) => alertText(services, id),
    run: (services, { id, by }) => acknowledge(services, id, by),
    on: { owner: 'alert', shown: (alert, id) => ({ ...alert, id }) },
  }),
  unacknowledge: action({
    method: 'DELETE',
    path: '/health-monitoring/alerts/{id}/acknowledge',
    summary: 'Takes back that an alert was seen',
    response: alertSchema,
    name: 'unacknowledge',
    target: ({ id }, services) => alertText(services, id),
    run: (services, { id }) => unacknowledge(services, id),
    on: { owner: 'alert', shown: (alert, id) => ({ ...alert, id }) },
  }),
  test: action({
    method: 'POST',
    path: '/health-monitoring/alerts/test',
    summary: 'Sends a test message on every channel, and says how each went',
    response: testResultSchema,
    name: 'test',
    target: () => say('auditTexts.everyChannel'),
    run: (services) => testAlerts(services),
    on: {
      every: (answers) => ({
        channels: answers.flatMap(({ collector, answer: { channels } }) =>
          channels.map((channel) => ({
            ...channel,
            name: answers.length > 1 ? `${collector}: ${channel.name}` : channel.name,
          })),
        ),
      }),
    },
  }),
  mute: action({
    method: 'POST',
    path: '/health-monitoring/mutes',
    summary:
      'Keeps messages back for `minutes`: about a topic, a device, or, with neither, everything (maintenance)',
    body: muteBody,
    response: muteSchema,
    name: 'mute',
    target: ({ body: { topic, node_id, minutes } }, services) =>
      muteText(services, { topic, nodeId: node_id, minutes }),
    run: (services, { body, by }) => mute(services, body, by),
    // Each collector that sends messages mutes its own; the answer is the first one's mute.
    on: {
      every: ([{ collector, answer }]) => ({ ...answer, id: shownId(collector, answer.id) }),
    },
  }),
  unmute: action({
    method: 'DELETE',
    path: '/health-monitoring/mutes/{id}',
    summary: 'Ends a mute',
    response: nothing,
    name: 'unmute',
    target: ({ id }, services) => unmuteText(services, id),
    run: (services, { id }) => unmute(services, id),
    on: { owner: 'mute', shown: (none) => none },
  }),
  saveSettings: action({
    method: 'POST',
    path: '/settings',
    summary: 'Saves settings for the next start; those that the environment sets stay as they are',
    body: settingsBody,
    response: settingsSchema,
    name: 'set',
    target: ({ body: { values } }) =>
      say('auditTexts.settings', { names: Object.keys(values).join(', ') }),
    run: (services, { body }) => saveSettings(services, body),
    on: { one: notHere },
  }),
  testChannel: action({
    method: 'POST',
    path: '/settings/test',
    summary: 'Sends a test message by one channel as it is saved, and says how it went',
    body: testChannelBody,
    response: testResultSchema,
    name: 'test',
    target: ({ body: { channel } }) => say('auditTexts.settings', { names: channel }),
    run: (services, { body: { channel } }) => testChannel(services, channel),
    on: { one: notHere },
  }),
  link: action({
    method: 'POST',
    path: '/widgets/links',
    summary: 'Makes a link to a read-only view of some devices, for everyone who has it',
    body: linkBody,
    response: linkSchema,
    status: () => 201,
    statuses: { 201: 'It is made' },
    name: 'link',
    target: ({ body }, services) => linkText(services, body),
    run: (services, { body }) => makeLink(services, body),
    on: { one: (remote) => remote.standIn() },
  }),
  unlink: action({
    method: 'DELETE',
    path: '/widgets/links',
    summary: 'Ends every link made so far',
    response: nothing,
    name: 'unlink',
    target: () => say('widgets.everyLink'),
    run: ({ own }) => own.links.revokeAll(),
    on: { every: ([{ answer }]) => answer },
  }),
  report: action({
    method: 'POST',
    path: '/models/metrics',
    summary:
      'Takes a model’s errors, from a token of scope `ingest` alone; the same report twice is one',
    needs: 'ingest',
    body: reportBody,
    response: recordedSchema,
    status: ({ stored }) => (stored ? 201 : 200),
    statuses: {
      200: 'It had been reported before',
      201: 'It is stored',
      409: 'It had been reported with other metrics, or there are too many models',
    },
    name: 'report',
    // Jobs report all day: the log records it, the audit is for what people do.
    target: null,
    run: (services, { body, by }) => report(services, body, by),
    on: { one: (remote, { model_name }) => remote.watcherOf(model_name) },
  }),
};
