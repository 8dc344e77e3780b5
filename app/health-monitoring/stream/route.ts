import { problemResponse } from '@/lib/api/handle';
import { newsStream } from '@/lib/api/stream';
import { runtime } from '@/lib/runtime/current';

export const dynamic = 'force-dynamic';

export function GET(request: Request): Response {
  try {
    return newsStream(runtime(), request.signal);
  } catch (error) {
    return problemResponse(error);
  }
}
