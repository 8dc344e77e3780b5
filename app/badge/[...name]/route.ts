import { serveBadge } from '@/lib/widgets/serve';

export const dynamic = 'force-dynamic';
export const GET = serveBadge;
