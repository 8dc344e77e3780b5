import { problemResponse } from '@/lib/api/errors';
import { requireRole } from '@/lib/identity/current';

export const dynamic = 'force-dynamic';

export async function POST(request: Request): Promise<Response> {
  try {
    requireRole('viewer');
    // Loaded by the first call: most services never have one.
    const { serveMcp } = await import('@/lib/mcp/serve');
    return await serveMcp(request);
  } catch (error) {
    return problemResponse(error);
  }
}
