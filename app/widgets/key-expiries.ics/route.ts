import { serveKeyExpiries } from '@/lib/widgets/serve';

export const dynamic = 'force-dynamic';
export const GET = serveKeyExpiries;
