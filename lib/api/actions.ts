import type { Action } from './act';
import { acknowledge, mute, muteBody, testAlerts, testResultSchema, unmute } from './alerts';
import { alertSchema, muteSchema } from './health-schemas';

/** Every call that changes something; `/openapi.json` is made of these, as of `routes`. */
export const actions = {
  acknowledge: {
    method: 'POST',
    path: '/health-monitoring/alerts/{id}/acknowledge',
    summary: 'Notes that somebody has seen a firing alert',
    response: alertSchema,
    name: 'acknowledge',
    target: ({ id }) => `alert ${id}`,
    run: (services, { id, by }) => acknowledge(services, id, by),
  } satisfies Action,
  test: {
    method: 'POST',
    path: '/health-monitoring/alerts/test',
    summary: 'Sends a test message on every channel, and says how each went',
    response: testResultSchema,
    name: 'test',
    target: () => 'every channel',
    run: (services) => testAlerts(services),
  } satisfies Action,
  mute: {
    method: 'POST',
    path: '/health-monitoring/mutes',
    summary:
      'Keeps messages back for so many minutes: about a topic, a node, or, with neither, everything (maintenance)',
    body: muteBody,
    response: muteSchema,
    name: 'mute',
    target: ({ body }) =>
      `${body.topic ?? body.node_id ?? 'everything'} for ${body.minutes} minutes`,
    run: (services, { body, by }) => mute(services, body, by),
  } satisfies Action<typeof muteBody>,
  unmute: {
    method: 'DELETE',
    path: '/health-monitoring/mutes/{id}',
    summary: 'Ends a mute',
    name: 'unmute',
    target: ({ id }) => `mute ${id}`,
    run: (services, { id }) => unmute(services, id),
  } satisfies Action,
};
