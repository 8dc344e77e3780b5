import { act } from '@/lib/api/act';
import { acknowledge } from '@/lib/api/alerts';

export const POST = act({ run: (runtime, { id }) => acknowledge(runtime, id) });
