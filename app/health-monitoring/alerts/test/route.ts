import { act } from '@/lib/api/act';
import { testAlerts } from '@/lib/api/alerts';

export const POST = act({ run: (runtime) => testAlerts(runtime) });
