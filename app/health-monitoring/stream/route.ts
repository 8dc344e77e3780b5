import { problemResponse } from '@/lib/api/errors';
import { newsStream } from '@/lib/api/stream';
import { requireRole } from '@/lib/identity/current';
import { currentServices } from '@/lib/services';

export const dynamic = 'force-dynamic';

export function GET(request: Request): Response {
  try {
    requireRole('viewer');
    return newsStream(currentServices(), request.signal);
  } catch (error) {
    return problemResponse(error);
  }
}
