import { exportHandler } from '@/lib/api/export';

export const dynamic = 'force-dynamic';
export const GET = exportHandler('jsonl');
