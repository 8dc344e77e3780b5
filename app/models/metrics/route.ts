import { postMetrics } from '@/lib/api/models';

export const POST = postMetrics;
