import { problemResponse } from '@/lib/api/errors';
import { metrics } from '@/lib/api/metrics';
import { requireRole } from '@/lib/identity/current';
import { currentServices } from '@/lib/services';

export const dynamic = 'force-dynamic';

export async function GET(): Promise<Response> {
  try {
    requireRole('viewer');
    const { body, contentType } = await metrics(currentServices());
    return new Response(body, { headers: { 'Content-Type': contentType } });
  } catch (error) {
    return problemResponse(error);
  }
}
