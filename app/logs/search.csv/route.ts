import { logExportHandler } from '@/lib/api/logs-export';

export const dynamic = 'force-dynamic';
export const GET = logExportHandler('csv');
