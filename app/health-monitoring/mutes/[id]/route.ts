import { act } from '@/lib/api/act';
import { unmute } from '@/lib/api/alerts';

export const DELETE = act({ run: (runtime, { id }) => unmute(runtime, id) });
