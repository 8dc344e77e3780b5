import { act } from '@/lib/api/act';
import { mute, muteBody } from '@/lib/api/alerts';

export const POST = act({
  body: muteBody,
  name: 'mute',
  target: ({ body }) => `${body.topic ?? body.node_id ?? 'everything'} for ${body.minutes} minutes`,
  run: (runtime, { body, by }) => mute(runtime, body, by),
});
