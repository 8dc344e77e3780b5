import { act } from '@/lib/api/act';
import { acknowledge } from '@/lib/api/alerts';

export const POST = act({
  name: 'acknowledge',
  target: ({ id }) => `alert ${id}`,
  run: (runtime, { id, by }) => acknowledge(runtime, id, by),
});
