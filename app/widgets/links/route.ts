import { act } from '@/lib/api/act';
import { actions } from '@/lib/api/actions';

export const POST = act(actions.link);
export const DELETE = act(actions.unlink);
