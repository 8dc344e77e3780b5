import { act } from '@/lib/api/act';
import { unmute } from '@/lib/api/alerts';

export const DELETE = act({
  name: 'unmute',
  target: ({ id }) => `mute ${id}`,
  run: (runtime, { id }) => unmute(runtime, id),
});
