import { act } from '@/lib/api/act';
import { testAlerts } from '@/lib/api/alerts';

export const POST = act({
  name: 'test',
  target: () => 'every channel',
  run: (runtime) => testAlerts(runtime),
});
