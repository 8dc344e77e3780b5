import { problemResponse } from '@/lib/api/errors';
import { openApi } from '@/lib/api/openapi';
import { requireRole } from '@/lib/identity/current';

export const dynamic = 'force-dynamic';

export function GET(): Response {
  try {
    requireRole('viewer');
    return Response.json(openApi());
  } catch (error) {
    return problemResponse(error);
  }
}
