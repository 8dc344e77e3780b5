import * as z from 'zod';
import { AppError, InvalidInput, NotFound, TooMany } from '../domain/errors';
import { type Said, say } from '../domain/said';
import type { Answer } from './exchange';

/** A collector cannot be reached now, or refuses this replica; the message says what to do. */
export class CollectorUnavailable extends AppError {
  override name = 'CollectorUnavailable';
  constructor(message: string | Said) {
    super('collector_unavailable', message);
  }
}

const problemSchema = z.object({
  detail: z.string(),
  errors: z.array(z.object({ parameter: z.string(), message: z.string() })).default([]),
});

/** Returns the error for a collector's unsuccessful answer: the same error if it is about the request. */
export function errorOf({ status, body, retryAfter }: Answer, name: string, url: string): AppError {
  const problem = problemOf(body);
  if (!problem) {
    return new CollectorUnavailable(say('collectors.status', { url, name, status }));
  }
  const { detail, errors } = problem;
  switch (status) {
    case 400:
      return errors.length > 0 ? new InvalidInput(...errors) : new AppError('invalid', detail);
    case 401:
    case 403:
      return new CollectorUnavailable(say('collectors.refuses', { name, detail }));
    case 404:
      return new NotFound(detail);
    case 409:
      return new AppError('conflict', detail);
    case 429:
      return new TooMany(detail, Number(retryAfter) || 5);
    default:
      return new CollectorUnavailable(say('collectors.couldNot', { name, detail }));
  }
}

function problemOf(body: string): z.output<typeof problemSchema> | null {
  try {
    return problemSchema.parse(JSON.parse(body));
  } catch {
    return null;
  }
}
