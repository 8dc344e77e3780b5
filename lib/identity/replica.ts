import { createHash, timingSafeEqual } from 'node:crypto';
import { Forbidden } from '../domain/errors';

const LONGEST_PERSON = 400;

/** The token that a collector and its replicas share. */
export class ReplicaToken {
  private readonly hash: Buffer;

  constructor(token: string) {
    this.hash = digest(token);
  }

  /** Compares in constant time. */
  matches(token: string): boolean {
    return timingSafeEqual(this.hash, digest(token));
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
    throw new Forbidden('Observatory-On-Behalf-Of does not name a person');
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
