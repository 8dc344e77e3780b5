import { exportModel } from '@/lib/api/models-export';

export const dynamic = 'force-dynamic';
export const GET = exportModel;
