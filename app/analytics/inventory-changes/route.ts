import { handle } from '@/lib/api/handle';
import { routes } from '@/lib/api/routes';

export const dynamic = 'force-dynamic';
export const GET = handle(routes['/analytics/inventory-changes']);
