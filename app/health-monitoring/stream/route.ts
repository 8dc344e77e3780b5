import { problemResponse } from '@/lib/api/errors';
import { newsStream } from '@/lib/api/stream';
import { requireRole } from '@/lib/identity/current';
import { runtime } from '@/lib/runtime/current';

export const dynamic = 'force-dynamic';

export function GET(request: Request): Response {
  try {
    requireRole('viewer');
    return newsStream(runtime(), request.signal);
  } catch (error) {
    return problemResponse(error);
  }
}
