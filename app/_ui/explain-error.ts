import { problemResponse } from '@/lib/api/handle';
import type { ProblemWire } from '@/lib/api/schemas';

/** An error in the words the API has for it: nothing that is not meant for users leaves the house, and the log gets the rest. Server only. */
export async function explainError(error: unknown): Promise<string> {
  const problem: ProblemWire = await problemResponse(error).json();
  return problem.detail;
}
