import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Forbidden } from '../domain/errors';
import { say } from '../domain/said';

const LONGEST_PERSON = 400;

/**
 * What a replica shows to the collector at a URL: made of the token that both have, and good for that collector alone.
 * So who can announce a collector in the store does not get what others take.
 */
export const replicaCredential = (token: string, url: string): string =>
  createHmac('sha256', token).update(url).digest('base64url');

/** The token that a collector shares with its replicas. */
export class ReplicaToken {
  constructor(
    private readonly token: string,
    /** Where this collector says it is. */
    private readonly url: () => string,
  ) {}

  /** Compares in constant time. */
  matches(credential: string): boolean {
    return timingSafeEqual(digest(replicaCredential(this.token, this.url())), digest(credential));
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * Returns the person named in `Observatory-On-Behalf-Of`, percent-decoded; `null` when it is empty. Throws `Forbidden`.
 */
export function personIn(header: string): string | null {
  const person = decoded(header);
  // The name is written to the log and the audit, on one line.
  if (person === null || person.length > LONGEST_PERSON || /\p{Cc}/u.test(person)) {
    throw new Forbidden(say('refusals.nobodyNamed'));
  }
  return person === '' ? null : person;
}

function decoded(header: string): string | null {
  try {
    return decodeURIComponent(header);
  } catch {
    return null;
  }
}
