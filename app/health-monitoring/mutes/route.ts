import { act } from '@/lib/api/act';
import { mute, muteBody } from '@/lib/api/alerts';

export const POST = act({ body: muteBody, run: (runtime, { body }) => mute(runtime, body) });
