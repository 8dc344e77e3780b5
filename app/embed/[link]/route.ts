import { serveSharedView } from '@/lib/widgets/serve';

export const dynamic = 'force-dynamic';
export const GET = serveSharedView;
