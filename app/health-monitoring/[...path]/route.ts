import { noSuchCall } from '@/lib/api/handle';

export const dynamic = 'force-dynamic';
export const GET = noSuchCall;
export const POST = noSuchCall;
export const DELETE = noSuchCall;
