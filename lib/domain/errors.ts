import { type Said, say, spoken, verbatim } from './said';

/** What went wrong, from the caller's point of view. The API has one HTTP status for each (`lib/api/errors.ts`). */
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
  /** The message is only for the log. */
  | 'internal';

/** What is wrong with one parameter; `message` continues its name, as in "limit must be from 1 to 100". */
export type InputFault = { parameter: string; message: string | Said };

type Details = ErrorOptions & {
  /** With `invalid`: every invalid parameter. */
  faults?: readonly InputFault[];
  /** With `too_many`: when to try again. */
  retryAfterSeconds?: number;
};

const BRAND: unique symbol = Symbol.for('tailnet-observatory.error');

/**
 * The base of every error this program throws on purpose. Compare `code`, never the name of a class. Its `message` is
 * English, for the log; `words` are for the reader.
 */
export class AppError extends Error {
  readonly [BRAND] = true;
  /** The message for readers of any language. */
  readonly said: Said;
  readonly faults: readonly InputFault[];
  readonly retryAfterSeconds: number | null;

  constructor(
    readonly code: ErrorCode,
    message: string | Said,
    { faults = [], retryAfterSeconds, ...options }: Details = {},
  ) {
    super(verbatim(message).text, options);
    this.said = verbatim(message);
    this.faults = faults;
    this.retryAfterSeconds = retryAfterSeconds ?? null;
  }

  /** Returns the message in the current language. */
  get words(): string {
    return spoken(this.said);
  }

  /** Returns whether the message is written for users; otherwise it is only logged. */
  get userFacing(): boolean {
    return this.code !== 'internal';
  }
}

/**
 * Returns whether this is an error of this program. `instanceof` would miss those thrown by other parts of the server:
 * Next gives instrumentation, pages and route handlers separate copies of every class.
 */
export function isAppError(error: unknown): error is AppError {
  return error instanceof Error && BRAND in error;
}

/** Returns what an error says, for readers of any language. */
export function saidOf(error: unknown): Said {
  if (isAppError(error)) return error.said;
  return verbatim(error instanceof Error ? error.message : String(error));
}

/** Reports invalid parameters; the message names each. */
export class InvalidInput extends AppError {
  override name = 'InvalidInput';
  constructor(...faults: InputFault[]) {
    const message = faults.map((fault) => `${fault.parameter} ${verbatim(fault.message).text}`);
    super('invalid', message.join('; '), { faults });
  }

  override get words(): string {
    const said = this.faults.map(
      (fault) => `${fault.parameter} ${spoken(verbatim(fault.message))}`,
    );
    return said.join('; ');
  }
}

/** Reports a cursor that no page of this list has returned. */
export class BadCursor extends InvalidInput {
  override name = 'BadCursor';
  constructor() {
    super({ parameter: 'cursor', message: say('faults.cursor') });
  }
}

/** Reports that the caller lacks permission; the message says who has it. */
export class Forbidden extends AppError {
  override name = 'Forbidden';
  constructor(message: string | Said) {
    super('forbidden', message);
  }
}

/** Reports that something does not exist; the message says what does. */
export class NotFound extends AppError {
  override name = 'NotFound';
  constructor(message: string | Said) {
    super('not_found', message);
  }
}

/** Something that a name may refer to. */
export type Candidate = { id: string; name: string; dnsName: string };

/** Reports a name that several things share; the message lists them. */
export class Ambiguous extends AppError {
  override name = 'Ambiguous';
  constructor(
    message: string | Said,
    readonly candidates: readonly Candidate[],
  ) {
    super('conflict', message);
  }
}

/** Reports that too much was requested at once; the caller may retry after `retryAfterSeconds`. */
export class TooMany extends AppError {
  override name = 'TooMany';
  constructor(message: string | Said, retryAfterSeconds: number) {
    super('too_many', message, { retryAfterSeconds });
  }
}
