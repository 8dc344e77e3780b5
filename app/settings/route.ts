import { act } from '@/lib/api/act';
import { actions } from '@/lib/api/actions';
import { handle } from '@/lib/api/handle';
import { routes } from '@/lib/api/routes';

export const dynamic = 'force-dynamic';
export const GET = handle(routes['/settings']);
export const POST = act(actions.saveSettings);
