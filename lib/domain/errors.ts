/** What went wrong, as far as whoever asked is concerned. The API has one HTTP status for each (`lib/api/errors.ts`). */
export type ErrorCode =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_many'
  | 'tailscale_unavailable'
  | 'store_unavailable'
  | 'collector_unavailable'
  /** A setting is wrong: the service cannot start. */
  | 'config'
  /** The message is for the log alone. */
  | 'internal';

/** What is wrong with one parameter; `message` continues its name, as in "limit must be from 1 to 100". */
export type InputFault = { parameter: string; message: string };

type Details = ErrorOptions & {
  /** With `invalid`: every parameter that is wrong. */
  faults?: readonly InputFault[];
  /** With `too_many`: when to try again. */
  retryAfterSeconds?: number;
};

const BRAND: unique symbol = Symbol.for('tailnet-observatory.error');

/** The base of every error this program throws on purpose. Compare `code`, never the name of a class. */
export class AppError extends Error {
  readonly [BRAND] = true;
  readonly faults: readonly InputFault[];
  readonly retryAfterSeconds: number | null;

  constructor(
    readonly code: ErrorCode,
    message: string,
    { faults = [], retryAfterSeconds, ...options }: Details = {},
  ) {
    super(message, options);
    this.faults = faults;
    this.retryAfterSeconds = retryAfterSeconds ?? null;
  }

  /** Whether the message is written for users; otherwise only the log may have it. */
  get userFacing(): boolean {
    return this.code !== 'internal';
  }
}

/**
 * Whether this is one of our errors. `instanceof` would miss those thrown by the other parts of the server: Next gives
 * instrumentation, pages and route handlers separate copies of every class.
 */
export function isAppError(error: unknown): error is AppError {
  return error instanceof Error && BRAND in error;
}

/** Parameters are wrong; the message names each. */
export class InvalidInput extends AppError {
  override name = 'InvalidInput';
  constructor(...faults: InputFault[]) {
    const message = faults.map((fault) => `${fault.parameter} ${fault.message}`).join('; ');
    super('invalid', message, { faults });
  }
}

/** A cursor that no page of this list has given. */
export class BadCursor extends InvalidInput {
  override name = 'BadCursor';
  constructor() {
    super({ parameter: 'cursor', message: 'is not a cursor of this list' });
  }
}

/** The caller may not do that; the message says who may. */
export class Forbidden extends AppError {
  override name = 'Forbidden';
  constructor(message: string) {
    super('forbidden', message);
  }
}

/** There is no such thing; the message says what there is. */
export class NotFound extends AppError {
  override name = 'NotFound';
  constructor(message: string) {
    super('not_found', message);
  }
}

/** Something that a name may be meant as. */
export type Candidate = { id: string; name: string; dnsName: string };

/** Several things have the name; the message names them. */
export class Ambiguous extends AppError {
  override name = 'Ambiguous';
  constructor(
    message: string,
    readonly candidates: readonly Candidate[],
  ) {
    super('conflict', message);
  }
}

/** Too much was asked for at once; it may be asked for again after `retryAfterSeconds`. */
export class TooMany extends AppError {
  override name = 'TooMany';
  constructor(message: string, retryAfterSeconds: number) {
    super('too_many', message, { retryAfterSeconds });
  }
}
